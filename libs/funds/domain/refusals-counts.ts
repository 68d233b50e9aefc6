import type { RefusalTable } from '#kernel';

/** Every "no" of counts. */
export const countRefusals: RefusalTable = {
  COUNT_OF_OTHER_KIND: {
    status: 422,
    vi: '“{account}” không phải tài khoản loại “{kind}” nên không kiểm kê theo cách này.',
    en: '“{account}” is no account of kind “{kind}”, so it is not counted this way.',
    nextVi:
      'Kiểm kê quỹ tiền mặt bằng kiểm kê quỹ, hiện vật trong kho bằng kiểm kê kho; ngân hàng thì đối chiếu sao kê.',
    nextEn: 'Count a cash box as cash and goods as stock; a bank account is reconciled with its statement.',
  },
  COUNT_TOO_EARLY: {
    status: 409,
    vi: '“{account}” đã có phát sinh {commodity} ngày {last}, sau ngày kiểm kê {date}: số sổ của ngày đó không còn để so.',
    en: '“{account}” has moved ({commodity}) on {last}, after the count of {date}: that day’s book figure is no longer at hand.',
    nextVi:
      'Kiểm kê lại và ghi ngày của lần kiểm kê mới, hoặc từ lần sau ghi kiểm kê trước các phát sinh của ngày sau.',
    nextEn: 'Count again and give that day, and next time record a count before what came after it.',
  },
  DENOMINATION_TWICE: {
    status: 422,
    vi: 'Mệnh giá {value} được ghi hai lần.',
    en: 'The denomination {value} stands twice.',
    nextVi: 'Ghi mỗi mệnh giá một dòng với tổng số tờ.',
    nextEn: 'Give each denomination once, with all its pieces.',
  },
  DENOMINATIONS_DO_NOT_SUM: {
    status: 422,
    vi: 'Các mệnh giá cộng lại được {sum}, khác số kiểm kê {counted}.',
    en: 'The denominations sum to {sum}, not to {counted} counted.',
    nextVi: 'Đếm lại số tờ hoặc sửa tổng số.',
    nextEn: 'Count the pieces again, or correct the total.',
  },
  RESOLUTION_OF_OTHER_KIND: {
    status: 422,
    vi: 'Khoản “{kind}” không thể xử lý bằng cách “{how}”.',
    en: 'An item of kind “{kind}” is not resolved as “{how}”.',
    nextVi: 'Thừa: tìm ra nguyên nhân hoặc ghi thu. Thiếu: tìm ra, quy trách nhiệm bồi thường hoặc ghi chi.',
    nextEn:
      'A surplus is found or taken as income; a shortage is found, charged to a person, or written off.',
  },
  CHARGE_NOT_MONEY: {
    status: 422,
    vi: 'Chỉ tiền thiếu mới quy trách nhiệm bồi thường được; “{commodity}” không phải là tiền tệ.',
    en: 'Only missing money is charged to a person; “{commodity}” is no currency.',
    nextVi:
      'Hàng được trả lại thì xử lý là tìm ra; bồi thường bằng tiền thì ghi chi phần hàng thiếu và ghi thu số tiền.',
    nextEn:
      'Goods brought back are found; where money is paid for them, write the goods off and record the income.',
  },
  CHARGE_WITHOUT_PERSON: {
    status: 422,
    vi: 'Chưa nêu ai phải bồi thường khoản {item}.',
    en: 'It is not said who has to make item {item} good.',
    nextVi: 'Ghi mã người phải bồi thường; tên để trong kho bảo mật.',
    nextEn: 'Give the id of the person; the name is kept in the vault.',
  },
  WRITE_OFF_WITHOUT_PROPOSAL: {
    status: 422,
    vi: 'Xóa khoản {item} cần người đề nghị khác với người ghi.',
    en: 'Writing item {item} off needs somebody who proposed it, other than who records it.',
    nextVi: 'Ghi mã người đề nghị.',
    nextEn: 'Name the person who proposed it.',
  },
};
