import type { CorrectionEvents } from './events-corrections.ts';
import { type MoneyMovesTable, moneyMove } from './money-move.ts';

/** What corrections do to the own accounts: the difference of a gift, the whole of a reversed one, what went back. */
export const correctionMoneyMoves: MoneyMovesTable<CorrectionEvents> = {
  'book.receipt-adjusted.v1': ({ data }) => {
    const difference = BigInt(data.now) - BigInt(data.was);
    return moneyMove(data, data.receipt, difference);
  },
  'book.receipt-reversed.v1': ({ data }) => moneyMove(data, data.receipt, -BigInt(data.amount)),
  'book.donor-refunded.v1': ({ data }) => moneyMove(data, data.refund, -BigInt(data.amount)),
};
