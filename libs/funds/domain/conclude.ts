import { type Fact, type Result, ok } from '#kernel';
import { checkBalances } from './account-balances.ts';
import type { BookState } from './book-state.ts';
import { settleShortfalls } from './shortfalls.ts';

/**
 * What every decision on books ends with, so that none has to think of it: no cash box or store gives more than lies
 * in it, and what its facts mean for shortfalls follows them.
 */
export function conclude(
  facts: readonly Fact[],
  bookOf: (stream: string) => BookState,
): Result<readonly Fact[]> {
  const checked = checkBalances(facts, bookOf);
  return checked.ok ? ok(settleShortfalls(facts, bookOf)) : checked;
}
