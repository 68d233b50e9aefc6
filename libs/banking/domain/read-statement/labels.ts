import { fold } from '../words.ts';
import { isAmount } from './amounts.ts';
import { type Cell, type GridRow, textOf } from './grid.ts';

/** What a row that is no movement says. */
export type Label = 'opening' | 'closing' | 'total';

const LABELS: readonly (readonly [Label, RegExp])[] = [
  [
    'opening',
    /^(?:so )?du (?:dau|ban dau|truoc)|^so du dau|^dau ky|^opening|^balance (?:b f|brought)|^previous balance/,
  ],
  [
    'closing',
    /^(?:so )?du (?:cuoi|cuoi ky|cuoi ngay)|^cuoi (?:ky|ngay)|^closing|^ending|^balance (?:c f|carried)/,
  ],
  ['total', /^tong(?: cong| so| phat sinh| ps| ghi| tien)?\b|^cong(?: phat sinh| ps)?\b|^total/],
];

/** The label a row begins with, and the cells with its figures. */
export function labelOf({
  cells,
}: GridRow): { readonly label: Label; readonly figures: readonly Cell[] } | undefined {
  for (const [at, cell] of cells.entries()) {
    const text = textOf(cell);
    const folded = fold(text);
    if (folded === '') continue;
    const [label] = LABELS.find(([, words]) => words.test(folded)) ?? [];
    if (label === undefined) {
      // A number of order may stand before it, nothing else.
      if (/^\d{1,6}$/.test(text)) continue;
      return undefined;
    }
    const inside = text.slice(text.lastIndexOf(':') + 1);
    const own: Cell[] = text.includes(':') && isAmount(inside) ? [inside] : [];
    return { label, figures: [...own, ...cells.slice(at + 1).filter(isAmount)] };
  }
  return undefined;
}

const ACCOUNT =
  /(?:so tai khoan|so tk|tai khoan(?: so)?|account(?: no| number)?|a c no)[^\d]{0,40}?(\d[\d .-]{4,24}\d)/g;
/** Digits of an account number. */
const ACCOUNT_DIGITS = { min: 6, max: 19 };

/** Account numbers that a row of the head states: `Số tài khoản / Account No: 0071 000 123 456`. */
export function accountsIn({ cells }: GridRow): string[] {
  const text = cells.map(textOf).join(' | ').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return [...text.matchAll(ACCOUNT)]
    .map(([, number = '']) => number.replace(/\D/g, ''))
    .filter(({ length }) => length >= ACCOUNT_DIGITS.min && length <= ACCOUNT_DIGITS.max);
}

/** The currency that a row of the head states. */
export const currencyIn = ({ cells }: GridRow): string | undefined =>
  /(?:loai tien|tien te|currency|ccy)[^a-z]{0,10}([a-z]{3})\b/
    .exec(fold(cells.map(textOf).join(' ')))?.[1]
    ?.toUpperCase();

/** A period that a row of the head states, as its two texts: `Từ ngày 01/01/2026 đến ngày 31/01/2026`. */
export function periodIn({ cells }: GridRow): readonly [string, string] | undefined {
  const text = cells.map(textOf).join(' ').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  if (!/(?:tu ngay|tu|from)/.test(text)) return undefined;
  const days = text.match(/\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}/g) ?? [];
  return days[0] !== undefined && days[1] !== undefined ? [days[0], days[1]] : undefined;
}
