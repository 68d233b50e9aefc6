import type { ExchangeEvents } from './events-exchange.ts';
import type { EvolveTable } from './evolve-core.ts';
import { applyExchanges } from './exchange.ts';
import { takeVoucher } from './vouchers.ts';

/** The events of exchanges. */
export const exchangeEvolve: EvolveTable<ExchangeEvents> = {
  'book.currency-exchanged.v1': (book, { data }) => {
    applyExchanges(book, data.exchanges);
    takeVoucher(book, 'adjustment', data.voucher, data.part);
  },
  'book.currency-revalued.v1': (book, { data }) => {
    takeVoucher(book, 'adjustment', data.voucher);
  },
  'book.goods-bought.v1': (book, { data }) => {
    applyExchanges(book, data.exchanges);
    takeVoucher(book, 'payment', data.voucher, data.part);
  },
};
