import type { RefusalTable } from '#kernel';

/** Why a batch as a whole is not entered; rows bring their own refusals. */
export const batchRefusals: RefusalTable = {
  BATCH_KNOWN: {
    status: 409,
    vi: 'Lô “{batch}” với kết quả này đã được ghi.',
    en: 'The batch “{batch}” is recorded already, with this outcome.',
    nextVi: 'Không cần làm gì.',
    nextEn: 'Nothing is to be done.',
  },
  BATCH_KIND_UNKNOWN: {
    status: 404,
    vi: 'Không có loại lô “{kind}”.',
    en: 'There is no kind of batch “{kind}”.',
    nextVi: 'Dùng một trong: {kinds}.',
    nextEn: 'Use one of: {kinds}.',
  },
  BATCH_EMPTY: {
    status: 422,
    vi: 'Lô không có dòng nào.',
    en: 'The batch has no row.',
    nextVi: 'Kiểm tra lại tệp.',
    nextEn: 'Check the file.',
  },
  BATCH_TOTALS_MISSING: {
    status: 422,
    vi: 'Chưa khai số kiểm tra của lô.',
    en: 'No control totals were declared.',
    nextVi:
      'Khai số dòng và tổng từng loại tiền: count và total, hoặc một dòng “Tổng cộng: <số dòng>” trong tệp.',
    nextEn:
      'Declare the number of rows and the sum of each commodity: count and total, or a row “Total: <rows>” in the file.',
  },
  BATCH_TOTAL_INVALID: {
    status: 400,
    vi: 'Số kiểm tra không đọc được: {value}',
    en: 'The control total can not be read: {value}',
    nextVi: 'Ghi 251473000, hoặc EUR=1200,50 cho loại tiền khác.',
    nextEn: 'Write 251473000, or EUR=1200,50 for another commodity.',
  },
  BATCH_TOTALS_DIFFER: {
    status: 422,
    vi: 'Số kiểm tra không khớp, chưa ghi gì. Khai / đọc được: {differences}. Dòng không đọc được: {unread}.',
    en: 'The control totals differ, nothing was booked. Declared / found: {differences}. Rows that can not be read: {unread}.',
    nextVi: 'So lại với chứng từ; sửa tệp hoặc số kiểm tra. Chỉ cho qua (goOn) khi đã biết vì sao lệch.',
    nextEn:
      'Compare with the vouchers; correct the file or the totals. Go on (goOn) only when the reason is known.',
  },
  BATCH_TOTALS_TWICE: {
    status: 422,
    vi: 'Số kiểm tra “{of}” được khai hai lần khác nhau.',
    en: 'The control total “{of}” is declared twice, and differently.',
    nextVi: 'Giữ một số đúng, trong tệp hoặc khi gửi.',
    nextEn: 'Keep the right one, in the file or with the request.',
  },
  BATCH_UNKNOWN: {
    status: 404,
    vi: 'Không có lô “{batch}”.',
    en: 'There is no batch “{batch}”.',
    nextVi: 'Lấy mã từ kết quả nhập lô hoặc danh sách lô.',
    nextEn: 'Take the id from the outcome of a batch or the list of batches.',
  },
};
