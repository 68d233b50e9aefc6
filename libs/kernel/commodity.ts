import { type Result, ok, refuse } from './result.ts';

/**
 * What is counted: a currency by its ISO 4217 code (`VND`) or a good by its own lower-case code (`xe-dap`).
 * The two can not be confused: currency codes are three capitals, good codes have no capital.
 */
export type CommodityCode = string;

/** A good that a fund counts: its unit ("chiếc", "kg") and how many decimals of that unit are counted. */
export interface Good {
  readonly code: CommodityCode;
  readonly unit: string;
  /** Decimals counted, 0 to 6: rice in kg with 3 counts grams. */
  readonly exponent: number;
}

/** How sure a stated figure is. Bounds stay bounds ("hơn", "trên", "gần"): they are shown, never summed as exact. */
export type Qualifier = 'exact' | 'at-least' | 'about';

/** Largest amount of one entry, in minor units: 10^15, so that 9,000 entries of it still sum within 64 bits. */
export const AMOUNT_MAX = 10n ** 15n;

/** ISO 4217 (list one, 2026) currencies whose minor unit is not 1/100. */
const UNUSUAL_EXPONENTS: ReadonlyMap<CommodityCode, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ').map((c) => [c, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((c) => [c, 3] as const),
  ['UYW', 4] as const,
]);

/** Active ISO 4217 currencies, funds codes and metals left out. */
const CURRENCIES: ReadonlySet<string> = new Set(
  (
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF ' +
    'CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF ' +
    'GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK ' +
    'LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD ' +
    'OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN ' +
    'SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UYW UZS VED VES VND VUV WST XAF ' +
    'XCD XCG XOF XPF YER ZAR ZMW ZWG'
  ).split(' '),
);

const GOOD_CODE = /^[a-z][a-z0-9-]{1,39}$/;

export const isCurrency = (code: CommodityCode): boolean => CURRENCIES.has(code);

/** True for the code of a good; whether a book counts that good is the book's to say. */
export const isGoodCode = (code: CommodityCode): boolean => GOOD_CODE.test(code);

/** Decimals of a currency by ISO 4217: 0 for VND, 2 for EUR. */
export const currencyExponent = (code: CommodityCode): number => UNUSUAL_EXPONENTS.get(code) ?? 2;

const MINOR_UNITS = /^-?\d{1,19}$/;

/**
 * Reads an amount of an entry in minor units, as the API and the events write it: a whole, positive decimal
 * string, at most {@link AMOUNT_MAX}. Refuses text that is no number, fractions, zero, negatives and excess,
 * each with its own code.
 */
export function parseAmount(text: string): Result<bigint> {
  if (/^-?\d+[.,]\d+$/.test(text)) return refuse('AMOUNT_FRACTIONAL', { amount: text });
  if (!/^-?\d+$/.test(text)) return refuse('AMOUNT_NOT_A_NUMBER', { amount: text.slice(0, 40) });
  if (!MINOR_UNITS.test(text)) return refuse('AMOUNT_TOO_LARGE', { max: String(AMOUNT_MAX) });
  const amount = BigInt(text);
  if (amount === 0n) return refuse('AMOUNT_ZERO');
  if (amount < 0n) return refuse('AMOUNT_NEGATIVE', { amount: text });
  if (amount > AMOUNT_MAX) return refuse('AMOUNT_TOO_LARGE', { max: String(AMOUNT_MAX) });
  return ok(amount);
}

/**
 * Reads an amount written in whole units with a decimal point (`12.50` EUR, `1.5` kg) into minor units of
 * the given exponent. More decimals than the commodity has are a refusal, never rounded away.
 */
export function parseUnits(text: string, exponent: number): Result<bigint> {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return refuse('AMOUNT_NOT_A_NUMBER', { amount: text.slice(0, 40) });
  const [, sign = '', whole = '', fraction = ''] = match;
  const kept = fraction.slice(0, exponent).padEnd(exponent, '0');
  if (/[1-9]/.test(fraction.slice(exponent))) return refuse('AMOUNT_FRACTIONAL', { amount: text });
  return parseAmount(sign + (whole + kept).replace(/^0+(?=\d)/, ''));
}

/** Writes minor units as whole units with a decimal point: (1250, 2) is `12.50`. Exact. */
export function formatUnits(minor: bigint, exponent: number): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  const cut = digits.length - exponent;
  const text = exponent === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return minor < 0n ? `-${text}` : text;
}

/**
 * Writes minor units as they are read in Vietnam (Law on Accounting 88/2015/QH13, Art. 11), dots between
 * thousands and a decimal comma: (1792362000, 0) is `1.792.362.000`, (1250, 2) is `12,50`. Exact.
 */
export function formatVietnamese(minor: bigint, exponent: number): string {
  const [whole = '', fraction] = formatUnits(minor, exponent).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '.');
  return fraction === undefined ? grouped : `${grouped},${fraction}`;
}
