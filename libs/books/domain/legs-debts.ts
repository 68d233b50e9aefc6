import type { DebtEvents } from '#funds';
import { type LegsTable, leg, none } from './leg.ts';
import { perPool, piecesOf } from './legs-core.ts';
import { bringBack } from './past.ts';

const advance = (person: string): string => `advance/${person}`;
const debt = (supplier: string): string => `debt/${supplier}`;

/** Legs of advances and supplier debts. What they are for is the expense or the payment of the same append. */
export const debtLegs: LegsTable<DebtEvents> = {
  'book.advance-carried.v1': none,
  'book.advance-paid.v1': (_past, { data }) => [
    ...(data.part > 1
      ? []
      : [
          leg({
            kind: 'advance',
            commodity: data.commodity,
            amount: BigInt(data.amount),
            own: data.account,
            ownTo: advance(data.person),
            programme: data.programme,
          }),
        ]),
    ...perPool('commitment', data.commodity, data.drawn),
  ],
  'book.advance-returned.v1': (_past, { data }) => [
    ...(data.part > 1
      ? []
      : [
          leg({
            kind: 'advance',
            isUndone: true,
            commodity: data.commodity,
            amount: BigInt(data.amount),
            own: data.account,
            ownTo: advance(data.person),
            programme: data.programme,
          }),
        ]),
    ...perPool('commitment', data.commodity, data.restored, true),
  ],
  'book.advance-settled.v1': (_past, { data }) => perPool('commitment', data.commodity, data.restored, true),
  'book.supplier-debt-recorded.v1': none,
  'book.supplier-debt-reduced.v1': (past, { data }) => {
    bringBack(past, data.restored);
    return piecesOf(past, data.restored).map(({ amount, source, restricted, programme }) =>
      leg({
        kind: 'expense',
        isUndone: true,
        commodity: data.commodity,
        amount,
        own: debt(data.supplier),
        source,
        restricted,
        programme: data.programme ?? programme,
        cost: data.cost,
      }),
    );
  },
  'book.supplier-paid.v1': (_past, { data }) => [
    leg({
      kind: 'supplier-payment',
      commodity: data.commodity,
      amount: BigInt(data.amount),
      own: data.account,
      ownTo: debt(data.supplier),
    }),
  ],
};
