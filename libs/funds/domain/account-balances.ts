import { type CommodityCode, type Day, type Fact, type LedgerEvent, type Result, ok, refuse } from '#kernel';
import type { BookState } from './book-state.ts';
import type { BookEvent } from './events.ts';
import type { AccountCarried } from './events-accounts.ts';
import { moneyMovesOf } from './money-moves.ts';

/**
 * What lies in each own account by the book, in minor units: `<account> <commodity>`, an id holding no space. Nothing
 * is kept of what is at zero. The same as the postings of `asset/<fund>/<account>`, since both come of the same events.
 */
export type AccountBalances = Map<string, bigint>;

const keyOf = (account: string, commodity: CommodityCode): string => `${account} ${commodity}`;

const add = (balances: AccountBalances, key: string, amount: bigint): void => {
  const sum = (balances.get(key) ?? 0n) + amount;
  if (sum === 0n) balances.delete(key);
  else balances.set(key, sum);
};

/** What an own account holds of a commodity by the book; below zero where the book is behind the bank. */
export const balanceOf = (
  { balances }: Pick<BookState, 'balances'>,
  account: string,
  commodity: CommodityCode,
): bigint => balances.get(keyOf(account, commodity)) ?? 0n;

/** The last day on which each own account moved, by the same key as its balance. */
export type LastMoves = Map<string, Day>;

/** The last day on which an own account moved in this book; its balance of an earlier day is not known to the book. */
export const lastMoveOf = (
  { lastMoves }: Pick<BookState, 'lastMoves'>,
  account: string,
  commodity: CommodityCode,
): Day | undefined => lastMoves.get(keyOf(account, commodity));

/** Counts what an event put into own accounts and took out of them, and when. */
export function countBalances(
  { balances, lastMoves }: Pick<BookState, 'balances' | 'lastMoves'>,
  event: BookEvent,
): void {
  for (const { account, commodity, amount, direction } of moneyMovesOf(event)) {
    const key = keyOf(account, commodity);
    add(balances, key, direction === 'in' ? amount : -amount);
    const last = lastMoves.get(key);
    if (last === undefined || last < event.effectiveOn) lastMoves.set(key, event.effectiveOn);
  }
}

/** Takes over what the fund's book before left in an account. */
export const carryBalance = (
  balances: AccountBalances,
  { account, commodity, amount }: AccountCarried,
): void => add(balances, keyOf(account, commodity), BigInt(amount));

/** What own accounts hold at the end of a book, for the next one: below zero too, since the bank may be ahead. */
export const carriedBalances = ({ balances, year }: BookState): AccountCarried[] =>
  [...balances].map(([key, amount]) => {
    const [account = '', commodity = ''] = key.split(' ');
    return { account, commodity, amount: String(amount), from: year };
  });

/** Accounts whose contents a person can count: they hold nothing that is not there. A bank may be ahead of its book. */
const COUNTED: ReadonlySet<string> = new Set(['cash', 'store']);

/**
 * Corrections say what the book should have said. Refused, they would keep the wrong figure in it. A merger hands every
 * account over as it is.
 */
const CORRECTING: ReadonlySet<string> = new Set([
  'book.accounts-taken-over.v1',
  'book.receipt-adjusted.v1',
  'book.receipt-reversed.v1',
]);

/**
 * Whether what a decision takes out of a cash box or a store lies there, in recorded order: neither ever goes below
 * zero by a payment. What is already below zero, after a correction, takes money in and gives none.
 */
export function checkBalances(facts: readonly Fact[], bookOf: (stream: string) => BookState): Result<void> {
  if (facts.some(({ type }) => CORRECTING.has(type))) return ok(undefined);
  for (const [stream, own] of Map.groupBy(facts, (fact) => fact.stream)) {
    if (!stream.startsWith('book-')) continue;
    const changes: AccountBalances = new Map();
    for (const fact of own)
      countBalances({ balances: changes, lastMoves: new Map() }, fact as LedgerEvent as BookEvent);
    for (const [key, change] of changes) {
      if (change > 0n) continue;
      const book = bookOf(stream);
      const [account = '', commodity = ''] = key.split(' ');
      const balance = balanceOf(book, account, commodity);
      if (balance + change < 0n && COUNTED.has(book.accounts.get(account) ?? ''))
        return refuse('ACCOUNT_BELOW_ZERO', {
          account,
          commodity,
          asked: String(-change),
          balance: String(balance),
        });
    }
  }
  return ok(undefined);
}
