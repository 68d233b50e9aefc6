import type { GoodsEvents } from './events-goods.ts';
import { type MoneyMovesTable, moneyMove } from './money-move.ts';

/** What losses do to the stores. */
export const goodsMoneyMoves: MoneyMovesTable<GoodsEvents> = {
  'book.goods-lost.v1': ({ data }) => moneyMove(data, data.loss, -BigInt(data.amount)),
};
