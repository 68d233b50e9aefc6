import { type Day, type Fact, yearOf } from '#kernel';
import type { BookState } from './book-state.ts';
import type { AccountReconciled } from './events-periods.ts';
import { bookStream } from './events.ts';

/**
 * What a book notes when a person accepted that its own account agrees with the bank: part of the checklist of months
 * and years. A closed book, and one that does not have the account, note nothing. A locked month takes it: it moves no
 * money.
 */
export function reconcileAccount(
  { fund, ...data }: AccountReconciled & { readonly fund: string },
  book: BookState,
): Fact[] {
  if (book.status !== 'open' || book.carrying || !book.accounts.has(data.account)) return [];
  const stream = bookStream(fund, yearOf(data.through));
  return [{ stream, type: 'book.account-reconciled.v1', effectiveOn: data.through, data }];
}

/** The stream of the book that notes a reconciliation through a day. */
export const reconciledBook = (fund: string, through: Day): string => bookStream(fund, yearOf(through));
