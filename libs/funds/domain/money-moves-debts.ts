import type { DebtEvents } from './events-debts.ts';
import { type MoneyMovesTable, moneyMove } from './money-move.ts';

/** What advances and debts do to the own accounts. Settling moves nothing: the money is out already. */
export const debtMoneyMoves: MoneyMovesTable<DebtEvents> = {
  'book.advance-paid.v1': ({ data }) => moneyMove(data, data.advance, -BigInt(data.amount)),
  'book.advance-returned.v1': ({ data }) => moneyMove(data, data.advance, BigInt(data.amount)),
  'book.supplier-paid.v1': ({ data }) => moneyMove(data, data.debt, -BigInt(data.amount)),
};
