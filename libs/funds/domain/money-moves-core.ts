import type { CoreEvents } from './events.ts';
import { type MoneyMovesTable, moneyMove } from './money-move.ts';

/** What receipts, payments and returns do to the own accounts. */
export const coreMoneyMoves: MoneyMovesTable<CoreEvents> = {
  'book.receipt-recorded.v1': ({ data }) => moneyMove(data, data.receipt, BigInt(data.amount)),
  'book.disbursement-paid.v1': ({ data }) => moneyMove(data, data.disbursement, -BigInt(data.amount)),
  'book.disbursement-returned.v1': ({ data }) => moneyMove(data, data.disbursement, BigInt(data.amount)),
};
