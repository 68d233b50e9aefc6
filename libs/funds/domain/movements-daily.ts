import type { DailyEvents } from './events-daily.ts';
import { type MovementsTable, byPool, limitsOf, perPool } from './movement.ts';
import { fundOf, sizeOnWire } from './wire.ts';

/** The movements of daily money. What the fund spends on itself is paid, to nobody's place and nobody's benefit. */
export const dailyMovements: MovementsTable<DailyEvents> = {
  'book.expense-recorded.v1': ({ stream, data }) => [
    ...perPool('available', data.drawn, -1n),
    {
      measure: 'paid',
      amount: data.drawn.reduce((sum, units) => sum + sizeOnWire(units), 0n),
      commodity: data.commodity,
      fund: fundOf(stream),
      pool: null,
      place: null,
      programme: data.programme,
      group: null,
      donor: null,
      beneficiary: null,
    },
  ],
  'book.income-recorded.v1': ({ data: { pool, place, amount } }) => [
    { ...byPool('received', pool, BigInt(amount)), place: place ?? limitsOf(pool).place },
    byPool('available', pool, BigInt(amount)),
  ],
};

/** `paid` of daily money by the pool whose units they are. */
export const dailyPoolUses: MovementsTable<DailyEvents> = {
  'book.expense-recorded.v1': ({ data }) => perPool('paid', data.drawn, 1n),
};
