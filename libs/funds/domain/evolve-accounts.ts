import { carryBalance } from './account-balances.ts';
import type { AccountEvents } from './events-accounts.ts';
import type { EvolveTable } from './evolve-core.ts';

/** The events of own accounts. */
export const accountEvolve: EvolveTable<AccountEvents> = {
  'book.account-carried.v1': (book, { data }) => carryBalance(book.balances, data),
};
