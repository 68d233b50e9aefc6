import type { CountEvents, CountDifferenceResolved } from './events-counts.ts';
import { type PostingsTable, assetOf, chargeOf, missingOf, surplusOf } from './posting.ts';

/** Where what is resolved stands until then. */
export const standsAt = ({ of, account }: Pick<CountDifferenceResolved, 'of' | 'account'>): string =>
  ({ surplus: surplusOf, shortage: missingOf, charge: chargeOf })[of](account);

/**
 * The postings of counts. What is missing is a claim of the fund, and what is too much a debt, so that no unit of a
 * pool is touched before a difference is written off or taken as income: those have postings of their own.
 */
export const countPostings: PostingsTable<CountEvents> = {
  'book.charge-paid.v1': (event) => {
    const { account, person, commodity } = event.data;
    const amount = BigInt(event.data.amount);
    return [
      { account: assetOf(event, account), commodity, amount },
      { account: assetOf(event, chargeOf(person)), commodity, amount: -amount },
    ];
  },
  'book.count-difference-booked.v1': (event) => {
    const { account, commodity, kind } = event.data;
    const amount = BigInt(event.data.amount) * (kind === 'surplus' ? 1n : -1n);
    const held = standsAt({ of: kind, account });
    return [
      { account: assetOf(event, account), commodity, amount },
      { account: assetOf(event, held), commodity, amount: -amount },
    ];
  },
  'book.count-difference-resolved.v1': (event) => {
    const { account, commodity, of, how, person } = event.data;
    if (how === 'income' || how === 'written-off') return [];
    const amount = BigInt(event.data.amount) * (of === 'surplus' ? -1n : 1n);
    const to = how === 'charged' && person !== null ? chargeOf(person) : account;
    return [
      { account: assetOf(event, to), commodity, amount },
      { account: assetOf(event, standsAt(event.data)), commodity, amount: -amount },
    ];
  },
};
