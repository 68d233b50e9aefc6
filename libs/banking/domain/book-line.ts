import { type CommodityCode, type Result, ok, refuse } from '#kernel';
import type { BankAccountState, BankState } from './bank.ts';
import type { Direction } from './statement.ts';

/**
 * What a line can be booked as by the line itself. The match that goes with it names it as its rule, so that what
 * people booked a payer's lines as can be learned from their matches.
 */
export const BOOKED_AS = ['holding', 'receipt', 'interest', 'bank-fee'] as const;
export type BookedAs = (typeof BOOKED_AS)[number];

export const isBookedAs = (rule: string | null): rule is BookedAs =>
  (BOOKED_AS as readonly (string | null)[]).includes(rule);

/** Money comes in by all of them but the bank's own fee. */
export const directionOf = (as: BookedAs): Direction => (as === 'bank-fee' ? 'out' : 'in');

/** Which line, and in which account of which book it is booked. */
export interface BookLine {
  readonly account: string;
  readonly year: number;
  readonly line: string;
  readonly fund: string;
  /** Null: the only account of the fund that is kept in the bank account. */
  readonly bookAccount: string | null;
}

/** The money of a line as a book takes it. */
export interface LineMoney {
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  readonly direction: Direction;
}

/**
 * The money of a line that is to be booked now. A line is booked once for ever: undoing its match leaves the entry,
 * which is matched again and not booked a second time.
 */
export function lineToBook(
  { account, year, line, fund, bookAccount }: BookLine,
  as: BookedAs,
  { registered }: BankAccountState,
  bank: BankState,
): Result<LineMoney> {
  if (!registered) return refuse('BANK_ACCOUNT_UNKNOWN', { account });
  const unit = bank.units.get(line);
  if (!unit) return refuse('BANK_LINE_UNKNOWN', { line, year: String(year) });
  if (bank.matchOfUnit.has(line)) return refuse('BANK_LINE_MATCHED', { line });
  // Of a split line, what was booked is the line or a part of it: neither is booked again in another cut.
  const entry = bank.booked.get(wholeOf(line)) ?? bank.booked.get(line);
  if (entry !== undefined) return refuse('BANK_LINE_BOOKED', { line, entry });
  if (unit.direction !== directionOf(as)) return refuse('BANK_LINE_DIRECTION', { line, as });
  const own = registered.books.filter(
    (book) => book.fund === fund && (bookAccount === null || book.account === bookAccount),
  );
  const [only, ...others] = own;
  if (!only) return refuse('BANK_FUND_NOT_KEPT', { fund, account });
  if (others.length > 0) return refuse('BANK_FUND_AMBIGUOUS', { account });
  return ok({
    account: only.account,
    commodity: registered.commodity,
    amount: String(unit.amount),
    direction: unit.direction,
  });
}

/** The line of a part. */
const wholeOf = (unit: string): string => unit.split('.', 1)[0] ?? unit;
