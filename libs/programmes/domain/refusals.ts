import type { RefusalTable } from '#kernel';

/** Every "no" of the programmes capability. Codes are stable: programs and people rely on them. */
export const refusals: RefusalTable = {
  PROGRAMME_EXISTS: {
    status: 409,
    vi: 'Chương trình “{programme}” đã mở.',
    en: 'Programme “{programme}” is open already.',
    nextVi: 'Dùng mã đã có, hoặc chọn mã khác cho chương trình mới.',
    nextEn: 'Use the id that is there, or another id for a new programme.',
  },
  PROGRAMME_UNKNOWN: {
    status: 422,
    vi: 'Chưa có chương trình “{programme}”.',
    en: 'There is no programme “{programme}”.',
    nextVi: 'Kiểm tra mã, hoặc mở chương trình trước.',
    nextEn: 'Check the id, or open the programme first.',
  },
  NEED_EXISTS: {
    status: 409,
    vi: 'Nhu cầu “{need}” đã được ghi.',
    en: 'Need “{need}” is registered already.',
    nextVi: 'Dùng mã khác cho nhu cầu mới.',
    nextEn: 'Use another id for a new need.',
  },
  NEED_UNKNOWN: {
    status: 404,
    vi: 'Chưa có nhu cầu “{need}”.',
    en: 'There is no need “{need}”.',
    nextVi: 'Kiểm tra mã, hoặc ghi nhu cầu trước.',
    nextEn: 'Check the id, or register the need first.',
  },
  NEED_IN_OTHER_STATE: {
    status: 409,
    vi: 'Nhu cầu “{need}” đang ở trạng thái “{status}”, cần “{wanted}”.',
    en: 'Need “{need}” is “{status}”; this takes “{wanted}”.',
    nextVi: 'Làm bước trước đó; nhu cầu đã đáp ứng hoặc đã đóng thì không đổi nữa.',
    nextEn: 'Take the step before; a need that is met or closed stays so.',
  },
  NEED_STEP_TOO_EARLY: {
    status: 422,
    vi: 'Ngày {date} sớm hơn bước trước của nhu cầu “{need}” ({since}).',
    en: 'The date {date} is before the last step of need “{need}” ({since}).',
    nextVi: 'Sửa ngày.',
    nextEn: 'Correct the date.',
  },
  QUALIFIER_WITHOUT_VALUE: {
    status: 422,
    vi: 'Mục “{field}” ghi “{qualifier}” nhưng không có số.',
    en: 'The field “{field}” says “{qualifier}” but has no value.',
    nextVi: 'Ghi số kèm theo, hoặc bỏ cả hai khi nguồn không nêu.',
    nextEn: 'Give the value, or leave both out when the source states none.',
  },
  CURRENCY_AND_AMOUNT_APART: {
    status: 422,
    vi: 'Số tiền và loại tiền phải đi cùng nhau.',
    en: 'The amount and its currency go together.',
    nextVi: 'Ghi cả hai, hoặc bỏ cả hai khi nguồn không nêu số tiền.',
    nextEn: 'Give both, or neither when the source names no amount.',
  },
  CURRENCY_UNKNOWN: {
    status: 422,
    vi: '“{commodity}” không phải là tiền tệ ISO 4217.',
    en: '“{commodity}” is no ISO 4217 currency.',
    nextVi: 'Dùng mã tiền tệ, ví dụ VND; hàng hoá ghi ở mục riêng.',
    nextEn: 'Use a currency code such as VND; goods have fields of their own.',
  },
  PERIOD_REVERSED: {
    status: 422,
    vi: 'Kỳ kết thúc ({to}) trước khi bắt đầu ({from}).',
    en: 'The period ends ({to}) before it begins ({from}).',
    nextVi: 'Đổi lại hai ngày.',
    nextEn: 'Exchange the two dates.',
  },
  REPORT_EXISTS: {
    status: 409,
    vi: 'Báo cáo “{report}” đã được ghi.',
    en: 'Report “{report}” is recorded already.',
    nextVi: 'Dùng mã khác cho báo cáo mới.',
    nextEn: 'Use another id for a new report.',
  },
  REPORT_OUTSIDE_YEAR: {
    status: 422,
    vi: 'Ngày {date} không thuộc năm báo cáo {year}.',
    en: 'The date {date} is outside the reporting year {year}.',
    nextVi: 'Sửa ngày hoặc năm; số cả năm ghi vào ngày 31/12.',
    nextEn: 'Correct the date or the year; a yearly total counts on 31 December.',
  },
  REPORT_PART_OF_UNKNOWN: {
    status: 422,
    vi: 'Báo cáo “{report}” thuộc “{partOf}”, nhưng đơn vị chưa ghi báo cáo đó trong năm.',
    en: 'Report “{report}” is a part of “{partOf}”, which the unit has not reported in that year.',
    nextVi: 'Ghi báo cáo tổng trước.',
    nextEn: 'Record the whole first.',
  },
  REPORT_LINE_INVALID: {
    status: 400,
    vi: 'Dòng của bảng kinh phí năm không đúng.',
    en: 'The line of the annual funding table is not valid.',
    nextVi:
      'Dùng local-budget/province, local-budget/districts hoặc outside/ kèm một khoá, ví dụ outside/childfund-vietnam.',
    nextEn:
      'Use local-budget/province, local-budget/districts or outside/ with a key, such as outside/childfund-vietnam.',
  },
  REPORT_LINE_OF_OTHER_CHANNEL: {
    status: 422,
    vi: 'Dòng “{line}” chỉ dành cho ngân sách nhà nước, không phải nguồn “{channel}”.',
    en: 'The line “{line}” is for the State budget, not for “{channel}”.',
    nextVi: 'Sửa nguồn, hoặc dùng dòng outside/….',
    nextEn: 'Correct the channel, or use a line outside/….',
  },
  REPORT_COUNTED_TWICE: {
    status: 422,
    vi: 'Báo cáo “{report}” là một phần của “{partOf}” đã có trong bảng kinh phí năm.',
    en: 'Report “{report}” is a part of “{partOf}”, which already stands in the annual table.',
    nextVi: 'Bỏ dòng của phần này để không cộng hai lần.',
    nextEn: 'Leave out the line of this part, so that nothing is added twice.',
  },
};
