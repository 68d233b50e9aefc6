import type { RefusalTable } from '#kernel';

/** Every "no" of goods. */
export const goodsRefusals: RefusalTable = {
  LOSS_OF_MONEY: {
    status: 422,
    vi: '“{good}” là tiền tệ; chỉ hàng hoá mới ghi hư hỏng, mất mát.',
    en: '“{good}” is a currency; only goods are recorded as lost or spoiled.',
    nextVi: 'Tiền thiếu khi kiểm kê ghi là chi phí loại thiếu hụt.',
    nextEn: 'Record money found missing as an expense of the kind shortage.',
  },
  LOSS_WITHOUT_EVIDENCE: {
    status: 422,
    vi: 'Chưa có biên bản hoặc ảnh chứng minh hàng hư hỏng, mất mát.',
    en: 'There is no report or photo of the loss.',
    nextVi: 'Tải tệp lên trước, rồi ghi mã băm của tệp.',
    nextEn: 'Upload the file first, then name its hash.',
  },
  LOSS_POOL_UNNAMED: {
    status: 409,
    vi: '{count} nguồn có “{good}”: phải nêu hàng của nguồn nào bị mất.',
    en: '{count} pools have “{good}”: whose goods were lost has to be said.',
    nextVi: 'Ghi nguồn và số lượng của từng nguồn.',
    nextEn: 'Name the pools and how many of each.',
  },
  VALUATION_WITHOUT_EVIDENCE: {
    status: 422,
    vi: 'Chưa có chứng từ cho giá trị mới.',
    en: 'There is no evidence for the new value.',
    nextVi: 'Tải biên bản định giá hoặc hóa đơn lên trước, rồi ghi mã băm của tệp.',
    nextEn: 'Upload the appraisal or invoice first, then name its hash.',
  },
  VALUATION_AS_BEFORE: {
    status: 409,
    vi: 'Khoản tiếp nhận {receipt} đã ghi đúng giá trị này.',
    en: 'Receipt {receipt} says this value already.',
    nextVi: 'Không cần ghi lại.',
    nextEn: 'There is nothing to record.',
  },
  VALUATION_OF_NOTHING: {
    status: 409,
    vi: 'Không còn hàng nào của khoản tiếp nhận {receipt} được tính.',
    en: 'Nothing of receipt {receipt} counts any more.',
    nextVi: 'Kiểm tra lại khoản tiếp nhận.',
    nextEn: 'Check the receipt.',
  },
  VALUATION_SCATTERED: {
    status: 409,
    vi: 'Hàng của khoản tiếp nhận {receipt} nằm rải ở hơn {max} đoạn.',
    en: 'The goods of receipt {receipt} lie in more than {max} spans.',
    nextVi: 'Hủy khoản tiếp nhận và ghi lại với giá trị đúng.',
    nextEn: 'Reverse the receipt and record it again with the right value.',
  },
};
