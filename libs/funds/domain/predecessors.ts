import type { Day } from '#kernel';
import type { BookState } from './book-state.ts';
import type { Predecessor } from './events-mergers.ts';
import { fundOf } from './wire.ts';

/** Whether a book goes on with what a book of that stream recorded: one of its own fund, or of a fund it took over. */
export function goesOnWith(book: BookState, stream: string): boolean {
  const fund = fundOf(stream);
  return fund === book.fund || book.predecessors.has(fund);
}

/** Since when a book goes on with the fund of that stream; undefined: it is its own. */
export const takenOn = (book: BookState, stream: string): Day | undefined =>
  book.predecessors.get(fundOf(stream))?.on;

/** What an own account named in a book of that stream is called in this one. */
export const accountHere = (book: BookState, stream: string, account: string): string =>
  book.predecessors.get(fundOf(stream))?.accounts.get(account) ?? account;

/** The funds a book took over, as an event says them. */
export const predecessorsOf = (book: BookState): Predecessor[] =>
  [...book.predecessors].map(([fund, { on, accounts }]) => ({
    fund,
    on,
    accounts: [...accounts].map(([account, as]) => ({ account, as })),
  }));
