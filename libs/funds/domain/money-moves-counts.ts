import type { CountEvents } from './events-counts.ts';
import { type MoneyMovesTable, moneyMove } from './money-move.ts';

/** What counts do to the own accounts: the book follows what was counted, and follows it back when it was explained. */
export const countMoneyMoves: MoneyMovesTable<CountEvents> = {
  'book.charge-paid.v1': ({ data }) => moneyMove(data, data.charge, BigInt(data.amount)),
  'book.count-difference-booked.v1': ({ data }) =>
    moneyMove(data, data.difference, BigInt(data.amount) * (data.kind === 'surplus' ? 1n : -1n)),
  'book.count-difference-resolved.v1': ({ data }) =>
    data.how === 'found'
      ? moneyMove(data, data.difference, BigInt(data.amount) * (data.of === 'surplus' ? -1n : 1n))
      : [],
};
