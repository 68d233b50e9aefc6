import type { CountDifferenceResolved, CountEvents } from '#funds';
import { type LegsTable, leg, none } from './leg.ts';

/** Where a difference, or what a person owes for one, stands until it is resolved. */
const WHERE: Readonly<Record<CountDifferenceResolved['of'], string>> = {
  surplus: 'surplus',
  shortage: 'missing',
  charge: 'charge',
};

/** Legs of counts. What is taken as income or written off is the income or the expense of the same append. */
export const countLegs: LegsTable<CountEvents> = {
  'book.cash-counted.v1': none,
  'book.stock-counted.v1': none,
  'book.count-difference-booked.v1': (_past, { data }) => [
    leg({
      kind: data.kind,
      commodity: data.commodity,
      amount: BigInt(data.amount),
      own: data.account,
      ownTo: `${WHERE[data.kind]}/${data.account}`,
    }),
  ],
  'book.count-difference-resolved.v1': (_past, { data }) => {
    const { of, how, account, commodity, person } = data;
    const said = { commodity, amount: BigInt(data.amount), ownTo: `${WHERE[of]}/${account}` };
    if (how === 'charged' && person !== null)
      return [leg({ ...said, kind: 'charge', own: `${WHERE.charge}/${person}` })];
    return how === 'found' && of !== 'charge'
      ? [leg({ ...said, kind: of, isUndone: true, own: account })]
      : [];
  },
  'book.charge-paid.v1': (_past, { data }) => [
    leg({
      kind: 'charge-paid',
      commodity: data.commodity,
      amount: BigInt(data.amount),
      own: data.account,
      ownTo: `${WHERE.charge}/${data.person}`,
    }),
  ],
};
