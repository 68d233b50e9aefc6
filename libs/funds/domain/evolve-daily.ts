import { invariant, mint } from '#kernel';
import { type BookState, heldFromWire, mintExactly, removeExactly } from './book-state.ts';
import type { BookEventOf } from './events.ts';
import type { DailyEvents } from './events-daily.ts';
import type { EvolveTable } from './evolve-core.ts';
import { applyItemChanges } from './open-items.ts';
import { takeNumber, takeVoucher } from './vouchers.ts';

const changeItems = (book: BookState, event: BookEventOf<keyof DailyEvents>): void =>
  applyItemChanges(book.items, event);

/** The events of daily money. */
export const dailyEvolve: EvolveTable<DailyEvents> = {
  'book.admin-cap-set.v1': (book, { data }) => {
    book.admin.caps.push(data);
  },
  'book.expense-recorded.v1': (book, { data }) => {
    for (const held of data.drawn) removeExactly(book, heldFromWire(held));
    takeNumber(book, data.voucher, data.part);
  },
  'book.income-recorded.v1': (book, { data }) => {
    mintExactly(book, data.pool, data.minted, mint);
    takeNumber(book, data.voucher);
  },
  'book.money-arrived.v1': (book, event) => {
    changeItems(book, event);
    if (event.data.voucher !== null) takeVoucher(book, 'receipt', event.data.voucher);
  },
  'book.money-sent.v1': (book, event) => {
    changeItems(book, event);
    if (event.data.voucher !== null) takeVoucher(book, 'payment', event.data.voucher);
  },
  'book.open-item-carried.v1': (book, { data }) => {
    const { item, amount, kind, account, commodity, since, due = null } = data;
    invariant(!book.items.has(item), `${item} is carried once`);
    book.items.set(item, { kind, account, commodity, since, due, left: BigInt(amount) });
  },
  'book.receipt-identified.v1': changeItems,
  'book.unidentified-receipt-recorded.v1': (book, event) => {
    changeItems(book, event);
    takeVoucher(book, 'adjustment', event.data.voucher);
  },
  'book.unidentified-receipt-returned.v1': (book, event) => {
    changeItems(book, event);
    takeVoucher(book, 'payment', event.data.voucher);
  },
};
