import type { RefusalTable } from '#kernel';

/** Every "no" of the pledges capability. Codes are stable: programs and people rely on them. */
export const refusals: RefusalTable = {
  PLEDGE_EXISTS: {
    status: 409,
    vi: 'Cam kết “{pledge}” đã được ghi.',
    en: 'Pledge “{pledge}” is recorded already.',
    nextVi: 'Dùng mã khác cho cam kết mới.',
    nextEn: 'Use another id for a new pledge.',
  },
  PLEDGE_UNKNOWN: {
    status: 422,
    vi: 'Chưa có cam kết “{pledge}”.',
    en: 'There is no pledge “{pledge}”.',
    nextVi: 'Kiểm tra mã, hoặc ghi cam kết trước.',
    nextEn: 'Check the id, or record the pledge first.',
  },
  PLEDGE_CANCELLED: {
    status: 409,
    vi: 'Cam kết “{pledge}” đã huỷ nên không nhận tiền vào được nữa.',
    en: 'Pledge “{pledge}” is cancelled, so no money is applied to it.',
    nextVi: 'Ghi khoản tiếp nhận mà không gắn cam kết, rồi hỏi lại người tặng.',
    nextEn: 'Record the receipt without the pledge, then ask the donor.',
  },
  PLEDGE_ALREADY_CANCELLED: {
    status: 409,
    vi: 'Cam kết “{pledge}” đã huỷ trước đó.',
    en: 'Pledge “{pledge}” was cancelled before.',
    nextVi: 'Không cần làm gì thêm.',
    nextEn: 'There is nothing left to do.',
  },
  PLEDGE_FULFILLED: {
    status: 409,
    vi: 'Cam kết “{pledge}” đã nhận đủ nên không còn gì để huỷ.',
    en: 'Pledge “{pledge}” was received in full, so there is nothing to cancel.',
    nextVi: 'Không cần làm gì thêm.',
    nextEn: 'There is nothing left to do.',
  },
  PLEDGE_OF_OTHER_FUND: {
    status: 422,
    vi: 'Cam kết “{pledge}” là với quỹ “{fund}”.',
    en: 'Pledge “{pledge}” was made to fund “{fund}”.',
    nextVi: 'Ghi vào quỹ đó, hoặc ghi khoản tiếp nhận mà không gắn cam kết.',
    nextEn: 'Record it in that fund, or record the receipt without the pledge.',
  },
  PLEDGE_OF_OTHER_COMMODITY: {
    status: 422,
    vi: 'Cam kết “{pledge}” tính bằng {commodity}.',
    en: 'Pledge “{pledge}” is in {commodity}.',
    nextVi: 'Ghi đúng loại tiền hoặc hàng, hoặc ghi khoản tiếp nhận mà không gắn cam kết.',
    nextEn: 'Use that commodity, or record the receipt without the pledge.',
  },
  PLEDGE_OF_OTHER_DONOR: {
    status: 422,
    vi: 'Cam kết “{pledge}” là của người tặng “{donor}”.',
    en: 'Pledge “{pledge}” was made by donor “{donor}”.',
    nextVi: 'Ghi đúng người tặng, hoặc ghi khoản tiếp nhận mà không gắn cam kết.',
    nextEn: 'Name that donor, or record the receipt without the pledge.',
  },
  PLEDGE_QUALIFIER_WITHOUT_AMOUNT: {
    status: 422,
    vi: 'Cam kết “{pledge}” nêu “trên, khoảng” nhưng không nêu số.',
    en: 'Pledge “{pledge}” says “at least” or “about” but names no amount.',
    nextVi: 'Ghi số tiền, hoặc bỏ từ “trên, khoảng”.',
    nextEn: 'Give the amount, or leave the qualifier out.',
  },
  PLEDGE_INSTALMENTS_WITHOUT_AMOUNT: {
    status: 422,
    vi: 'Cam kết “{pledge}” có các đợt nhưng không nêu tổng số.',
    en: 'Pledge “{pledge}” has instalments but no amount.',
    nextVi: 'Ghi tổng số của cam kết.',
    nextEn: 'Give the amount of the pledge.',
  },
  PLEDGE_INSTALMENTS_DO_NOT_SUM: {
    status: 422,
    vi: 'Các đợt của cam kết “{pledge}” cộng lại là {sum}, khác tổng {amount}.',
    en: 'The instalments of pledge “{pledge}” sum to {sum}, not to {amount}.',
    nextVi: 'Sửa các đợt hoặc tổng cho khớp.',
    nextEn: 'Correct the instalments or the amount.',
  },
};
