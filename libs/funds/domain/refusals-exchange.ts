import type { RefusalTable } from '#kernel';

/** Every "no" of exchanges. */
export const exchangeRefusals: RefusalTable = {
  GOODS_PAID_IN_GOODS: {
    status: 422,
    vi: 'Hàng được mua bằng tiền; “{commodity}” không phải là tiền tệ.',
    en: 'Goods are bought with money; “{commodity}” is no currency.',
    nextVi: 'Ghi loại tiền đã trả, ví dụ VND.',
    nextEn: 'Name the currency that was paid, for example VND.',
  },
  GOODS_ARE_MONEY: {
    status: 422,
    vi: '“{good}” là tiền tệ, không phải hàng hoá.',
    en: '“{good}” is a currency, not a good.',
    nextVi: 'Ghi mã hàng của sổ; đổi ngoại tệ là nghiệp vụ khác.',
    nextEn: 'Name a good of the book; selling a currency is another command.',
  },
  INVOICE_NUMBER_INVALID: {
    status: 422,
    vi: 'Số hóa đơn chỉ gồm chữ, số, dấu chấm, gạch ngang và gạch chéo, nhiều nhất 40 ký tự.',
    en: 'The number of an invoice is letters, digits, points, hyphens and slashes, 40 characters at most.',
    nextVi: 'Ghi số như in trên hóa đơn, bỏ khoảng trắng.',
    nextEn: 'Write the number as it is printed on the invoice, without spaces.',
  },
  GOODS_COST_TOO_SMALL: {
    status: 422,
    vi: '{quantity} đơn vị hàng lấy từ nguồn “{pool}” có giá chưa đến một đơn vị tiền.',
    en: 'The {quantity} units paid for by pool “{pool}” cost less than one unit of money.',
    nextVi: 'Lấy nhiều hàng hơn từ nguồn này, hoặc bỏ nguồn này.',
    nextEn: 'Let this pool pay for more of them, or for none.',
  },
  GOODS_NOT_AFFORDABLE: {
    status: 409,
    vi: 'Các nguồn phù hợp chỉ đủ mua {affordable} trong {asked} “{good}” bằng {commodity}: mỗi đơn vị hàng do một nguồn trả trọn.',
    en: 'The pools that admit it can pay for {affordable} of {asked} “{good}” in {commodity}: each is paid for by one pool alone.',
    nextVi: 'Mua ít hơn, ghi đúng chương trình hoặc mục đích, hoặc gộp nguồn bằng phân bổ trước.',
    nextEn: 'Buy fewer, name the programme or purpose they are for, or allocate money into one pool first.',
  },
};
