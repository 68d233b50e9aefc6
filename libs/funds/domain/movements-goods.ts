import type { GoodsEvents } from './events-goods.ts';
import { type MovementsTable, perPool } from './movement.ts';

/** The movements of goods. */
export const goodsMovements: MovementsTable<GoodsEvents> = {
  'book.goods-lost.v1': ({ data }) => [
    ...perPool('available', data.lost, -1n),
    ...perPool('lost', data.lost, 1n),
  ],
};
