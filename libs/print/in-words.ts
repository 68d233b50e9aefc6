import { type CommodityCode, formatUnits, isCurrency } from '#kernel';
import { ReadingConfig, doReadNumber } from 'read-vietnamese-number';

/** As northern offices read numbers: linh, tỷ; the decimal comma is said as phẩy. */
const reading = new ReadingConfig();
reading.unit = [];
reading.oddText = 'linh';
reading.pointText = 'phẩy';
reading.units = [[], ['nghìn'], ['triệu'], ['tỷ']];

/** Names of currencies, and of their hundredth part where accounts write it with a name. */
const CURRENCY_WORDS: Readonly<Record<string, { readonly whole: string; readonly part?: string }>> = {
  VND: { whole: 'đồng' },
  USD: { whole: 'đô la Mỹ', part: 'cent' },
  EUR: { whole: 'euro', part: 'cent' },
  AUD: { whole: 'đô la Úc', part: 'cent' },
  CAD: { whole: 'đô la Canada', part: 'cent' },
  SGD: { whole: 'đô la Singapore', part: 'cent' },
  NZD: { whole: 'đô la New Zealand', part: 'cent' },
  HKD: { whole: 'đô la Hồng Kông', part: 'cent' },
  GBP: { whole: 'bảng Anh', part: 'xu' },
  CHF: { whole: 'franc Thụy Sĩ', part: 'xu' },
  JPY: { whole: 'yên Nhật' },
  KRW: { whole: 'won Hàn Quốc' },
  CNY: { whole: 'nhân dân tệ' },
  THB: { whole: 'baht Thái Lan' },
  LAK: { whole: 'kíp Lào' },
  KHR: { whole: 'riel Campuchia' },
};

const HUNDREDTHS = 2;

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('vi') + text.slice(1);

/**
 * An amount in Vietnamese words with a capital, as vouchers write it: 1.792.362.000 VND is "Một tỷ bảy trăm chín
 * mươi hai triệu ba trăm sáu mươi hai nghìn đồng". Currencies by their names, their hundredths too; goods, and
 * currencies without a name here, as a number with its unit: "Mười hai phẩy năm kg". Exact, whatever the size.
 */
export function amountInWords(
  minor: bigint,
  exponent: number,
  commodity: CommodityCode,
  unit: string = commodity,
): string {
  const [whole = '0', fraction = ''] = formatUnits(minor < 0n ? -minor : minor, exponent).split('.');
  const sign = minor < 0n ? 'âm ' : '';
  const words = isCurrency(commodity) ? CURRENCY_WORDS[commodity] : undefined;
  const hundredths = Number(fraction);
  if (words === undefined || (exponent > 0 && (words.part === undefined || exponent !== HUNDREDTHS))) {
    const number = /[1-9]/.test(fraction) ? `${whole}.${fraction}` : whole;
    return capital(`${sign}${doReadNumber(number, reading)} ${words?.whole ?? unit}`);
  }
  const part = hundredths === 0 ? '' : ` và ${doReadNumber(String(hundredths), reading)} ${words.part ?? ''}`;
  return capital(`${sign}${doReadNumber(whole, reading)} ${words.whole}${part}`);
}
