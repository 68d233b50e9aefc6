import type { CommodityCode } from '#kernel';
import type { BookState } from './book-state.ts';
import type { BookEvent } from './events.ts';
import { moneyMovesOf } from './money-moves.ts';

const keyOf = (account: string, commodity: CommodityCode): string => `${account} ${commodity}`;

/** Counts what an event did to the own accounts. Neither ids nor commodities hold a blank. */
export function countOwn(own: Map<string, bigint>, event: BookEvent): void {
  for (const { account, commodity, amount, direction } of moneyMovesOf(event)) {
    const key = keyOf(account, commodity);
    own.set(key, (own.get(key) ?? 0n) + (direction === 'in' ? amount : -amount));
  }
}

/** What lies in an own account. */
export interface OwnBalance {
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly amount: bigint;
}

/** What lies in each own account of a fund after these books of it, which are all it ever had. Nothing: left out. */
export function ownBalances(books: readonly BookState[]): OwnBalance[] {
  const sums = new Map<string, bigint>();
  for (const { own } of books) for (const [key, amount] of own) sums.set(key, (sums.get(key) ?? 0n) + amount);
  return [...sums].flatMap(([key, amount]) => {
    const [account = '', commodity = ''] = key.split(' ');
    return amount === 0n ? [] : [{ account, commodity, amount }];
  });
}
