import type { GoodsEvents } from './events-goods.ts';
import { type PostingsTable, assetOf } from './posting.ts';
import { sizeOnWire } from './wire.ts';

/** The postings of goods. What they are worth is no unit: revising it moves none. */
export const goodsPostings: PostingsTable<GoodsEvents> = {
  'book.goods-lost.v1': (event) =>
    event.data.lost.flatMap((units) => [
      { account: `free/${units.pool}`, commodity: event.data.commodity, amount: sizeOnWire(units) },
      {
        account: assetOf(event, event.data.account),
        commodity: event.data.commodity,
        amount: -sizeOnWire(units),
      },
    ]),
};
