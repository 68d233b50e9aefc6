import {
  type Context,
  type Day,
  type Fact,
  type Result,
  available,
  isGoodCode,
  ok,
  refuse,
  yearOf,
} from '#kernel';
import type { BookState } from './book.ts';
import { checkBankOf, checkBook, checkOpenBook } from './checks.ts';
import { checklistOf, sayChecklist, unexplained } from './checklist.ts';
import { numbered } from './draw-pools.ts';
import { type AccountOpened, type BookClosed, bookStream } from './events.ts';

interface OnBook {
  readonly fund: string;
  readonly effectiveOn: Day;
}

/** Adds a cash, bank, treasury or store account to an open book. */
export function decideOpenAccount(
  { fund, effectiveOn, ...opened }: OnBook & AccountOpened,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const { account } = opened;
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  if (book.accounts.has(account)) return refuse('ACCOUNT_EXISTS', { account, fund });
  const bank = checkBankOf(opened);
  if (!bank.ok) return bank;
  const stream = bookStream(fund, book.year);
  return ok([{ stream, type: 'book.account-opened.v1', effectiveOn, data: opened }]);
}

/** Adds a good to those an open book counts. */
export function decideListGood(
  command: OnBook & { readonly code: string; readonly unit: string; readonly exponent: number },
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const { fund, effectiveOn, code, unit, exponent } = command;
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  if (!isGoodCode(code)) return refuse('GOOD_CODE_INVALID', { code });
  if (book.goods.has(code)) return refuse('GOOD_EXISTS', { code, fund });
  const stream = bookStream(fund, book.year);
  return ok([{ stream, type: 'book.good-listed.v1', effectiveOn, data: { code, unit, exponent } }]);
}

/** Pools one event lists, so that it stays under 65,535 bytes; more go over several events of one append. */
const POOLS_PER_EVENT_MAX = 100;

/**
 * Closes a book: nothing is booked in it again. What is unfinished goes on in the next one: it is listed, and who
 * closes over money that nobody has explained says why.
 */
export function decideCloseBook(
  command: OnBook & { readonly year: number; readonly reason: string | null },
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const { fund, effectiveOn, reason } = command;
  if (yearOf(effectiveOn) !== command.year)
    return refuse('DATE_OUTSIDE_BOOK', { date: effectiveOn, year: String(command.year) });
  const checked = checkOpenBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  const checklist = checklistOf(book, effectiveOn);
  const missing = unexplained(checklist);
  if (missing.length > 0 && reason === null)
    return refuse('PERIOD_NOT_CLEAR', { period: String(book.year), fund, checklist: sayChecklist(missing) });
  const pools = [...book.pools].map(([pool, state]) => ({
    pool,
    minted: String(state.minted),
    free: String(available(state)),
  }));
  const parts = Array.from(
    { length: Math.max(1, Math.ceil(pools.length / POOLS_PER_EVENT_MAX)) },
    (_, index) => pools.slice(index * POOLS_PER_EVENT_MAX, (index + 1) * POOLS_PER_EVENT_MAX),
  );
  const stream = bookStream(fund, book.year);
  const closed: BookClosed[] = numbered(parts, (listed, index) => ({
    pools: listed,
    ...(index === 0 && checklist.length > 0 && { checklist }),
    ...(index === 0 && reason !== null && { reason }),
  }));
  return ok(closed.map((data) => ({ stream, type: 'book.closed.v1', effectiveOn, data })));
}
