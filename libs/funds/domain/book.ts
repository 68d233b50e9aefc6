import type { LedgerEvent, StreamKind } from '#kernel';
import { countBalances } from './account-balances.ts';
import { countForCap } from './admin-cap.ts';
import { type BookState, unopened } from './book-state.ts';
import { type BookEvent, type BookEvents, askTable } from './events.ts';
import { accountEvolve } from './evolve-accounts.ts';
import { approvalEvolve } from './evolve-approvals.ts';
import { type EvolveTable, coreEvolve } from './evolve-core.ts';
import { correctionEvolve } from './evolve-corrections.ts';
import { countEvolve } from './evolve-counts.ts';
import { dailyEvolve } from './evolve-daily.ts';
import { mergerEvolve } from './evolve-mergers.ts';
import { periodEvolve } from './evolve-periods.ts';
import { exchangeEvolve } from './evolve-exchange.ts';
import { debtEvolve } from './evolve-debts.ts';
import { goodsEvolve } from './evolve-goods.ts';

export { balanceOf } from './account-balances.ts';
export * from './book-state.ts';
export { afterReturn } from './evolve-core.ts';

const evolves: EvolveTable<BookEvents> = {
  ...coreEvolve,
  ...accountEvolve,
  ...approvalEvolve,
  ...correctionEvolve,
  ...countEvolve,
  ...dailyEvolve,
  ...mergerEvolve,
  ...periodEvolve,
  ...exchangeEvolve,
  ...debtEvolve,
  ...goodsEvolve,
};

/**
 * Applies one event. Every span an event carries is checked against the pools: an event that mints other
 * units than the next ones, or draws units that are not free, breaks an invariant and stops the fold.
 */
export function evolveBook(book: BookState, event: LedgerEvent): BookState {
  if (!Object.hasOwn(evolves, event.type)) throw new Error(`a book has no event of type ${event.type}`);
  // Nothing else is recorded before all of the book before is here.
  if (book.carrying) {
    const left = book.carrying.left - 1;
    book.carrying = left > 0 ? { ...book.carrying, left } : null;
  }
  askTable(evolves, event, book);
  countForCap(book.admin, event as BookEvent);
  if (event.effectiveOn > book.latest) book.latest = event.effectiveOn;
  countBalances(book, event as BookEvent);
  return book;
}

/** The stream kind of books, for whoever folds them. */
export const bookKind: StreamKind<BookState> = {
  kind: 'book',
  version: 4,
  initial: unopened,
  evolve: evolveBook,
  boundTo: new Set([
    'book.decision-proposed.v1',
    'book.disbursement-changed.v1',
    'book.disbursement-proposed.v1',
  ]),
};
