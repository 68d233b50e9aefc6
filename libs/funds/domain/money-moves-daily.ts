import type { DailyEvents } from './events-daily.ts';
import { type MoneyMovesTable, moneyMove } from './money-move.ts';

/** What daily money does to the own accounts. Identifying a receipt moves nothing: the money was there already. */
export const dailyMoneyMoves: MoneyMovesTable<DailyEvents> = {
  'book.expense-recorded.v1': ({ data }) => moneyMove(data, data.expense, -BigInt(data.amount)),
  'book.income-recorded.v1': ({ data }) => moneyMove(data, data.receipt, BigInt(data.amount)),
  'book.money-sent.v1': ({ data }) => moneyMove(data, data.move, -BigInt(data.amount)),
  'book.money-arrived.v1': ({ data }) => moneyMove(data, data.move, BigInt(data.amount)),
  'book.unidentified-receipt-recorded.v1': ({ data }) =>
    moneyMove(data, data.unidentified, BigInt(data.amount)),
  'book.unidentified-receipt-returned.v1': ({ data }) =>
    moneyMove(data, data.unidentified, -BigInt(data.amount)),
};
