import type { CountEvents } from './events-counts.ts';
import type { ItemChangesTable } from './open-items.ts';

/** What counts leave open: differences until they are resolved, and what a person has to make good. */
export const countItemChanges: ItemChangesTable<CountEvents> = {
  'book.charge-paid.v1': ({ data }) => [
    { ...data, kind: 'charge', item: data.charge, account: data.person, amount: -BigInt(data.amount) },
  ],
  'book.count-difference-booked.v1': ({ data }) => [
    { ...data, item: data.difference, amount: BigInt(data.amount) },
  ],
  'book.count-difference-resolved.v1': ({ data }) => {
    const { of, difference, resolution, person, how, commodity } = data;
    const amount = BigInt(data.amount);
    const resolved = { kind: of, item: difference, account: data.account, commodity, amount: -amount };
    return how === 'charged' && person !== null
      ? [resolved, { kind: 'charge', item: resolution, account: person, commodity, amount }]
      : [resolved];
  },
};
