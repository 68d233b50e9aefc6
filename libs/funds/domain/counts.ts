import { type Context, type Day, type Fact, type Result, ok, parseAmount, refuse } from '#kernel';
import { balanceOf, lastMoveOf } from './account-balances.ts';
import type { BookState } from './book.ts';
import { checkAccount, checkBook, checkCommodity } from './checks.ts';
import type { CashCounted, CountDifferenceBooked, Denomination, StockCounted } from './events-counts.ts';
import { type AccountKind, bookStream } from './events.ts';
import { nextVoucher } from './vouchers.ts';

interface Count {
  readonly fund: string;
  readonly account: string;
  readonly commodity: string;
  /** What lay there; nothing at all is `0`. */
  readonly counted: string;
  readonly present: string;
  readonly files: readonly string[];
  readonly narrative: string | null;
  readonly effectiveOn: Day;
}

export interface CountCash extends Count {
  readonly denominations: readonly Denomination[];
}

export type CountStock = Count;

/** Minor units of an amount that may be nothing. */
const parseCounted = (text: string): Result<bigint> => (text === '0' ? ok(0n) : parseAmount(text));

/**
 * What the book says of an account on the day of its count, and how much was counted. A count of a day after which
 * the account has moved is refused: the book of a decision knows what lies there now, and no earlier figure.
 */
function compared(
  { fund, account, commodity, counted, effectiveOn }: Count,
  kind: AccountKind,
  book: BookState,
  context: Context,
): Result<{ readonly book: bigint; readonly counted: bigint }> {
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    checkCommodity(book, commodity),
    checkAccount(book, account, commodity),
    book.accounts.get(account) === kind ? ok(undefined) : refuse('COUNT_OF_OTHER_KIND', { account, kind }),
  ])
    if (!checked.ok) return checked;
  const last = lastMoveOf(book, account, commodity);
  if (last !== undefined && last > effectiveOn)
    return refuse('COUNT_TOO_EARLY', { account, commodity, date: effectiveOn, last });
  const found = parseCounted(counted);
  return found.ok ? ok({ book: balanceOf(book, account, commodity), counted: found.value }) : found;
}

/** The minutes of a count, followed by the difference where there is one. */
function countFacts<Minutes extends StockCounted>(
  type: 'book.cash-counted.v1' | 'book.stock-counted.v1',
  minutes: Minutes,
  book: BookState,
  { fund, effectiveOn }: Count,
): Fact[] {
  const on = { stream: bookStream(fund, book.year), effectiveOn };
  const { count, account, commodity } = minutes;
  const difference = BigInt(minutes.difference);
  const counted = { ...on, type, data: minutes };
  if (difference === 0n) return [counted];
  const data: CountDifferenceBooked = {
    difference: count,
    voucher: nextVoucher(book, 'adjustment'),
    account,
    commodity,
    kind: difference > 0n ? 'surplus' : 'shortage',
    amount: String(difference > 0n ? difference : -difference),
  };
  return [counted, { ...on, type: 'book.count-difference-booked.v1', data }];
}

/** What every count writes down, the same keys in the same order. */
const minutesOf = (
  { account, commodity, present, files, narrative }: Count,
  figures: { readonly book: bigint; readonly counted: bigint },
  count: string,
): StockCounted => ({
  count,
  account,
  commodity,
  book: String(figures.book),
  counted: String(figures.counted),
  difference: String(figures.counted - figures.book),
  present,
  files,
  narrative,
});

/**
 * Takes the minutes of a cash count. Its pieces must sum to what was counted. The book follows the count at once, and
 * the difference is held apart until it is resolved.
 */
export function decideCountCash(command: CountCash, book: BookState, context: Context): Result<Fact[]> {
  const figures = compared(command, 'cash', book, context);
  if (!figures.ok) return figures;
  const values = command.denominations.map(({ value }) => value);
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) return refuse('DENOMINATION_TWICE', { value: twice });
  let sum = 0n;
  for (const { value, pieces } of command.denominations) {
    const worth = parseAmount(value);
    if (!worth.ok) return worth;
    sum += worth.value * BigInt(pieces);
  }
  if (sum !== figures.value.counted)
    return refuse('DENOMINATIONS_DO_NOT_SUM', { counted: command.counted, sum: String(sum) });
  const minutes: CashCounted = {
    ...minutesOf(command, figures.value, context.commandId),
    denominations: command.denominations,
  };
  return ok(countFacts('book.cash-counted.v1', minutes, book, command));
}

/** Takes the minutes of a stock count of one good in one store. */
export function decideCountStock(command: CountStock, book: BookState, context: Context): Result<Fact[]> {
  const figures = compared(command, 'store', book, context);
  if (!figures.ok) return figures;
  const minutes = minutesOf(command, figures.value, context.commandId);
  return ok(countFacts('book.stock-counted.v1', minutes, book, command));
}
