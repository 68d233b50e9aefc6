import type { RefusalTable } from '#kernel';

/** Every "no" of exchanges. */
export const exchangeRefusals: RefusalTable = {
  RATE_INVALID: {
    status: 422,
    vi: 'Tỷ giá “{rate}” không dùng được: số dương, dấu chấm thập phân, nhiều nhất 12 chữ số trước và 10 sau dấu chấm.',
    en: 'The rate “{rate}” can not be used: above zero, a decimal point, at most 12 digits before it and 10 behind.',
    nextVi: 'Ghi số đồng cho một đơn vị ngoại tệ, ví dụ 27150.5.',
    nextEn: 'Write the đồng for one unit of the currency, for example 27150.5.',
  },
  RATE_OF_BASE: {
    status: 422,
    vi: '“{commodity}” không có tỷ giá; chỉ ngoại tệ được quy đổi ra {base}.',
    en: '“{commodity}” has no rate; only foreign money is valued in {base}.',
    nextVi: 'Bỏ tỷ giá; giá trị hiện vật ghi ở phần định giá.',
    nextEn: 'Leave the rate out; the value of goods is a valuation.',
  },
  EXCHANGE_NOT_FOREIGN: {
    status: 422,
    vi: '“{commodity}” không phải ngoại tệ: chỉ bán ngoại tệ lấy {base}.',
    en: '“{commodity}” is no foreign currency: only those are sold for {base}.',
    nextVi: 'Ghi loại ngoại tệ, ví dụ EUR.',
    nextEn: 'Name the foreign currency, for example EUR.',
  },
  EXCHANGE_POOL_UNNAMED: {
    status: 409,
    vi: '{count} nguồn có {commodity}: phải nêu bán tiền của nguồn nào.',
    en: '{count} pools have {commodity}: whose money is sold has to be said.',
    nextVi: 'Ghi nguồn và số tiền của từng nguồn.',
    nextEn: 'Name the pools and how much of each.',
  },
  EXCHANGE_SHARE_EMPTY: {
    status: 422,
    vi: 'Phần của nguồn “{pool}” trong {received} chưa đến một đồng.',
    en: 'The share of pool “{pool}” in {received} is less than one đồng.',
    nextVi: 'Kiểm tra số tiền nhận được, hoặc bỏ nguồn này.',
    nextEn: 'Check what was received, or leave this pool out.',
  },
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
