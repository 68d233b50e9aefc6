import type { CountEvents } from './events-counts.ts';
import type { EvolveTable } from './evolve-core.ts';
import { applyItemChanges } from './open-items.ts';
import { takeNumber } from './vouchers.ts';

/** The events of counts. Counting changes nothing; what is made of a difference does. */
export const countEvolve: EvolveTable<CountEvents> = {
  'book.cash-counted.v1': () => undefined,
  'book.charge-paid.v1': (book, event) => {
    applyItemChanges(book.items, event);
    takeNumber(book, event.data.voucher);
  },
  'book.count-difference-booked.v1': (book, event) => {
    applyItemChanges(book.items, event);
    takeNumber(book, event.data.voucher);
  },
  'book.count-difference-resolved.v1': (book, event) => {
    applyItemChanges(book.items, event);
    if (event.data.voucher !== null) takeNumber(book, event.data.voucher);
  },
  'book.stock-counted.v1': () => undefined,
};
