import type { RefusalTable } from '#kernel';

/** Every "no" of corrections. */
export const correctionRefusals: RefusalTable = {
  RECEIPT_UNKNOWN: {
    status: 404,
    vi: 'Quỹ “{fund}” không có khoản tiếp nhận {receipt}.',
    en: 'Fund “{fund}” has no receipt {receipt}.',
    nextVi: 'Kiểm tra mã tiếp nhận và mã quỹ.',
    nextEn: 'Check the receipt and the fund.',
  },
  RECEIPT_REVERSED: {
    status: 409,
    vi: 'Khoản tiếp nhận {receipt} đã bị huỷ bút toán.',
    en: 'Receipt {receipt} is reversed.',
    nextVi: 'Sửa khoản đã ghi lại thay cho nó, nếu có.',
    nextEn: 'Correct the receipt that was recorded in its place, if there is one.',
  },
  RECEIPT_EMPTY: {
    status: 409,
    vi: 'Khoản tiếp nhận {receipt} đã hoàn trả hết nên không còn gì để huỷ.',
    en: 'Receipt {receipt} was refunded in full, so nothing is left to reverse.',
    nextVi: 'Không cần làm gì thêm.',
    nextEn: 'There is nothing left to do.',
  },
  RECEIPT_USED: {
    status: 409,
    vi: 'Khoản tiếp nhận {receipt} chỉ còn {free} chưa dùng, không giảm được {asked}.',
    en: 'Receipt {receipt} has {free} unused, so it can not be lowered by {asked}.',
    nextVi:
      'Huỷ bút toán tiếp nhận này (có thể ghi lại đúng trong cùng lệnh): phần đã dùng được bù bằng nguồn cùng loại.',
    nextEn:
      'Reverse the receipt instead (and record it again in the same command): what was used is then covered.',
  },
  RESTRICTION_NOT_CORRECTED: {
    status: 422,
    vi: 'Điều kiện sử dụng của khoản tiếp nhận {receipt} không sửa được.',
    en: 'The restriction of receipt {receipt} can not be corrected.',
    nextVi: 'Huỷ bút toán tiếp nhận và ghi lại với điều kiện đúng, trong cùng một lệnh.',
    nextEn: 'Reverse the receipt and record it again with the right restriction, in one command.',
  },
  NOTHING_TO_CORRECT: {
    status: 422,
    vi: 'Khoản tiếp nhận {receipt} đã đúng như vậy.',
    en: 'Receipt {receipt} says so already.',
    nextVi: 'Nêu điều cần sửa.',
    nextEn: 'Name what is to be corrected.',
  },
  CORRECTION_TOO_EARLY: {
    status: 422,
    vi: 'Ngày {date} sớm hơn ngày tiếp nhận {recorded}.',
    en: 'The date {date} is before the receipt, {recorded}.',
    nextVi: 'Ghi ngày phát hiện sai sót.',
    nextEn: 'Give the day on which the mistake was found.',
  },
  REFUND_TOO_LARGE: {
    status: 422,
    vi: 'Khoản tiếp nhận {receipt} chỉ còn {free} chưa dùng, không hoàn trả được {asked}.',
    en: 'Receipt {receipt} has {free} unused, so {asked} can not be refunded.',
    nextVi: 'Hoàn trả nhiều nhất số chưa dùng, hoặc giảm phân bổ, huỷ khoản chi đang giữ tiền trước.',
    nextEn:
      'Refund at most what is unused, or first reduce the allocation or cancel the disbursement that holds it.',
  },
  RELEASE_NOT_WIDER: {
    status: 422,
    vi: 'Điều kiện mới không rộng hơn điều kiện của nguồn “{pool}”.',
    en: 'The new restriction is not wider than that of pool “{pool}”.',
    nextVi: 'Bỏ bớt điều kiện; muốn đổi sang mục đích khác thì cần người tặng tặng lại.',
    nextEn: 'Name fewer limits; another purpose needs another gift.',
  },
  RELEASE_NOT_EXPIRED: {
    status: 422,
    vi: 'Nguồn “{pool}” có hạn {until}, vào ngày {date} chưa hết.',
    en: 'Pool “{pool}” has the last day {until}, which is not over on {date}.',
    nextVi: 'Chờ hết hạn, hoặc xin người tặng đồng ý bằng văn bản.',
    nextEn: 'Wait for the day, or ask the donor for a written consent.',
  },
  RELEASE_WITHOUT_EVIDENCE: {
    status: 422,
    vi: 'Chưa có tài liệu chứng minh.',
    en: 'There is no evidence.',
    nextVi: 'Tải văn bản đồng ý hoặc quyết định lên rồi nêu mã băm của tệp.',
    nextEn: 'Upload the consent or the order, then name the hash of the file.',
  },
  VOUCHER_UNKNOWN: {
    status: 404,
    vi: 'Sổ đang mở không có chứng từ {voucher} của {item}.',
    en: 'The open book has no voucher {voucher} of {item}.',
    nextVi: 'Kiểm tra số chứng từ và mã; chứng từ của sổ đã khoá không huỷ được.',
    nextEn: 'Check the number and the id; vouchers of a closed book stay.',
  },
  VOUCHER_VOIDED: {
    status: 409,
    vi: 'Chứng từ {voucher} đã huỷ và được thay bằng {by}.',
    en: 'Voucher {voucher} is voided and replaced by {by}.',
    nextVi: 'Dùng chứng từ thay thế.',
    nextEn: 'Use the voucher that replaces it.',
  },
};
