import type { DailyEvents } from '#funds';
import { type LegsTable, leg, none } from './leg.ts';
import { piecesOf, receiptLegs } from './legs-core.ts';
import { takeAway } from './past.ts';

/** Where unidentified money of an own account, and money on its way from one, stand. */
const held = (account: string): string => `holding/${account}`;
const onItsWay = (account: string): string => `transit/${account}`;

/**
 * The store behind goods that a count found missing; undefined: the account is no such. Missing pieces have no value
 * before it is known which units they are, so that their value left the store only when they are written off.
 */
const behindMissing = (account: string): string | undefined => {
  const [where, own] = account.split('/');
  return where === 'missing' ? own : undefined;
};

/** Legs of daily money. */
export const dailyLegs: LegsTable<DailyEvents> = {
  'book.admin-cap-set.v1': none,
  'book.expense-recorded.v1': (past, { data }) => {
    takeAway(past, data.drawn);
    const stored = behindMissing(data.account);
    return piecesOf(past, data.drawn).flatMap(({ amount, value, source, restricted, programme }) => {
      const said = {
        kind: 'expense',
        commodity: data.commodity,
        source,
        restricted,
        programme: data.programme ?? programme,
        cost: data.kind,
      } as const;
      if (value === null || stored === undefined) return [leg({ ...said, amount, value, own: data.account })];
      return [leg({ ...said, amount, own: data.account }), leg({ ...said, amount: 0n, value, own: stored })];
    });
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
