import type { RefusalTable } from '#kernel';

/** Every "no" of daily money. */
export const dailyRefusals: RefusalTable = {
  UNIDENTIFIED_NOT_MONEY: {
    status: 422,
    vi: 'Chỉ tiền mới ghi là chưa xác định được người gửi; “{commodity}” không phải là tiền tệ.',
    en: 'Only money is held as unidentified; “{commodity}” is no currency.',
    nextVi: 'Ghi hàng hoá là khoản tiếp nhận, để trống người tặng.',
    nextEn: 'Record the goods as a receipt and leave the donor out.',
  },
  MOVE_TO_ITSELF: {
    status: 422,
    vi: 'Tiền không thể chuyển từ “{account}” sang chính nó.',
    en: 'Money can not be moved from “{account}” to itself.',
    nextVi: 'Chọn tài khoản nhận khác.',
    nextEn: 'Choose another account to move it to.',
  },
  ADMIN_CAP_EXCEEDED: {
    status: 409,
    vi: 'Chi phí {asked} {commodity} vượt mức trần: chỉ còn {left} (tính trên {base}).',
    en: 'The expense of {asked} {commodity} is over the cap: {left} is left (of a base of {base}).',
    nextVi: 'Giảm số, hoặc để người được phép vượt trần ghi theo đề nghị của người khác.',
    nextEn: 'Spend less, or let the person who may allow more record what somebody else proposed.',
  },
  ACCOUNT_BELOW_ZERO: {
    status: 409,
    vi: 'Theo sổ, “{account}” chỉ còn {balance} {commodity}, không đủ để xuất {asked}: quỹ tiền mặt và kho không được âm.',
    en: 'By the book “{account}” holds {balance} {commodity}, not {asked}: no cash box or store goes below zero.',
    nextVi:
      'Ghi trước khoản thu, nhập kho hoặc tiền rút về quỹ còn thiếu; nếu đã chi từ nơi khác, chọn đúng tài khoản đó.',
    nextEn:
      'First record what came in and is missing from the book, or name the account it really came from.',
  },
  ITEM_NOT_OPEN: {
    status: 404,
    vi: 'Sổ của quỹ “{fund}” không có khoản đang mở {item}.',
    en: 'The book of fund “{fund}” has no open item {item}.',
    nextVi: 'Xem danh sách các khoản đang mở; khoản đã xử lý hết thì không còn trong đó.',
    nextEn: 'See the list of open items; what has been dealt with in full is no longer there.',
  },
  ITEM_TOO_EARLY: {
    status: 422,
    vi: 'Ngày {date} sớm hơn ngày phát sinh {since}.',
    en: 'The date {date} is before the item came up, {since}.',
    nextVi: 'Ghi ngày xử lý khoản này.',
    nextEn: 'Give the day on which it is dealt with.',
  },
  ITEM_TOO_SMALL: {
    status: 422,
    vi: 'Khoản {item} chỉ còn {left}, không đủ {asked}.',
    en: 'Item {item} has {left} left, not {asked}.',
    nextVi: 'Ghi nhiều nhất số còn lại, hoặc để trống để lấy hết.',
    nextEn: 'Take no more than what is left, or leave the amount out to take it all.',
  },
};
