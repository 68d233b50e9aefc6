import type { DailyEvents } from '#funds';
import { type LegsTable, leg, none } from './leg.ts';
import { piecesOf, receiptLegs } from './legs-core.ts';
import { takeAway } from './past.ts';

/** Where unidentified money of an own account, and money on its way from one, stand. */
const held = (account: string): string => `holding/${account}`;
const onItsWay = (account: string): string => `transit/${account}`;

/** Legs of daily money. */
export const dailyLegs: LegsTable<DailyEvents> = {
  'book.admin-cap-set.v1': none,
  'book.expense-recorded.v1': (past, { data }) => {
    takeAway(past, data.drawn);
    return piecesOf(past, data.drawn).map(({ amount, value, source, restricted, programme }) =>
      leg({
        kind: 'expense',
        commodity: data.commodity,
        amount,
        value,
        own: data.account,
        source,
        restricted,
        programme: data.programme ?? programme,
        cost: data.kind,
      }),
    );
  },
  'book.income-recorded.v1': (past, { data }) => receiptLegs(past, data),
  'book.money-sent.v1': (_past, { data }) => [
    leg({
      kind: 'money-sent',
      commodity: data.commodity,
      amount: BigInt(data.amount),
      own: data.account,
      ownTo: onItsWay(data.account),
    }),
  ],
  'book.money-arrived.v1': (_past, { data }) => [
    leg({
      kind: 'money-arrived',
      commodity: data.commodity,
      amount: BigInt(data.amount),
      own: data.account,
      ownTo: onItsWay(data.from),
    }),
  ],
  'book.open-item-carried.v1': none,
  'book.unidentified-receipt-recorded.v1': (_past, { data }) => [
    leg({
      kind: 'unidentified',
      commodity: data.commodity,
      amount: BigInt(data.amount),
      own: data.account,
      ownTo: held(data.account),
    }),
  ],
  // The receipt of the same append takes the money from where it was held.
  'book.receipt-identified.v1': none,
  'book.unidentified-receipt-returned.v1': (_past, { data }) => [
    leg({
      kind: 'unidentified',
      isUndone: true,
      commodity: data.commodity,
      amount: BigInt(data.amount),
      own: data.account,
      ownTo: held(data.held),
    }),
  ],
};
