import { heldFromWire, removeExactly } from './book-state.ts';
import type { GoodsEvents } from './events-goods.ts';
import type { EvolveTable } from './evolve-core.ts';
import { takeVoucher } from './vouchers.ts';

/** The events of goods. */
export const goodsEvolve: EvolveTable<GoodsEvents> = {
  'book.goods-lost.v1': (book, { data }) => {
    for (const held of data.lost) removeExactly(book, heldFromWire(held));
    takeVoucher(book, 'adjustment', data.voucher, data.part);
  },
  'book.valuation-revised.v1': (book, { data }) => {
    takeVoucher(book, 'adjustment', data.voucher);
  },
};
