import { type Result, ok, parseUnits, refuse } from '#kernel';
import { type Cell, textOf } from './grid.ts';

/** The sign between units and decimals; `either`: nothing tells, and there are no decimals to tell apart. */
export type DecimalSign = '.' | ',' | 'either';

/** Currency words and spaces of every width around a number. */
const AROUND = /(?:vn[dđ]|đồng|đ|usd|eur|₫)|[\s\u00a0\u202f']/giu;
const NUMBER = /^[+-]?[\d.,]*\d[\d.,]*[+-]?$|^\([\d.,]*\d[\d.,]*\)$/;

/** The digits and separators of an amount with its sign, or undefined when the cell is none. */
function bare(cell: Cell | undefined): { readonly digits: string; readonly negative: boolean } | undefined {
  const text = textOf(cell).replace(AROUND, '');
  if (!NUMBER.test(text)) return undefined;
  return { digits: text.replace(/[()+-]/g, ''), negative: /[-(]/.test(text) };
}

/** True when the cell holds a number in some convention. */
export const isAmount = (cell: Cell | undefined): boolean => bare(cell) !== undefined;

/** What one amount tells of the convention: which sign starts its decimals, or nothing. */
function evidence(digits: string): '.' | ',' | undefined {
  const [points, commas] = [digits.split('.').length - 1, digits.split(',').length - 1];
  if (points > 0 && commas > 0) return digits.lastIndexOf('.') > digits.lastIndexOf(',') ? '.' : ',';
  if (points > 1) return ',';
  if (commas > 1) return '.';
  if (points + commas === 0) return undefined;
  const sign = points === 1 ? '.' : ',';
  return digits.length - digits.indexOf(sign) - 1 === 3 ? undefined : sign;
}

/**
 * The convention that all amounts of a file share. In a currency without decimals a lone separator before three
 * digits separates thousands; in one with decimals it is not guessed. Refused when the amounts contradict each other.
 */
export function decimalSignOf(cells: readonly Cell[], exponent: number): Result<DecimalSign> {
  const seen = new Set<'.' | ','>();
  let lone = '';
  for (const cell of cells) {
    if (typeof cell === 'object') continue;
    const { digits = '' } = bare(cell) ?? {};
    const sign = evidence(digits);
    if (sign) seen.add(sign);
    else if (/[.,]/.test(digits)) lone = digits;
  }
  const [sign, other] = [...seen];
  if (other) return refuse('STATEMENT_AMOUNTS_MIXED');
  if (sign) return ok(sign);
  if (lone !== '' && exponent > 0) return refuse('STATEMENT_AMOUNT_AMBIGUOUS', { amount: lone });
  return ok('either');
}

/** A signed amount in minor units; null for a blank cell. */
export function readAmount(
  cell: Cell | undefined,
  sign: DecimalSign,
  exponent: number,
): Result<bigint | null> {
  const text = textOf(cell);
  if (text === '' || text === '-') return ok(null);
  const unreadable = refuse('STATEMENT_AMOUNT_UNREADABLE', { amount: text.slice(0, 40) });
  const found = bare(cell);
  if (!found) return unreadable;
  const plain = typeof cell === 'object' ? found.digits : plainOf(found.digits, sign, exponent);
  if (plain === undefined) return unreadable;
  if (/^0*(?:\.0*)?$/.test(plain)) return ok(0n);
  const units = parseUnits(plain, exponent);
  if (!units.ok) return unreadable;
  return ok(found.negative ? -units.value : units.value);
}

/** Digits with a decimal point; undefined when the grouping is not one. */
function plainOf(digits: string, sign: DecimalSign, exponent: number): string | undefined {
  if (sign === 'either') {
    const grouped = /^\d{1,3}(?:[.,]\d{3})*$/.test(digits) || /^\d+$/.test(digits);
    return grouped ? digits.replace(/[.,]/g, '') : undefined;
  }
  const [whole = '', decimals, ...more] = digits.split(sign);
  // `50.000` in a file that writes `1,000.00` elsewhere could be fifty or fifty thousand: not guessed.
  if (more.length > 0 || (exponent === 0 && decimals?.length === 3)) return undefined;
  const units = whole.split(sign === '.' ? ',' : '.');
  const grouped =
    units.length === 1 || units.every((part, i) => (i === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(part));
  if (!grouped) return undefined;
  const joined = units.join('') || '0';
  return decimals === undefined || decimals === '' ? joined : `${joined}.${decimals}`;
}
