import type { ExchangeEvents, Exchanged } from './events-exchange.ts';
import { mintedIn } from './exchange.ts';
import { type Movement, type MovementsTable, byPool } from './movement.ts';
import { sizeOnWire } from './wire.ts';

/** Units moved out of one pool, and the others that came into another for them. */
const exchanged = (exchanges: readonly Exchanged[]): Movement[] =>
  exchanges.flatMap((each) => {
    const [left, came] = [sizeOnWire(each.from), mintedIn(each)];
    return [
      byPool('movedOut', each.from.pool, left),
      byPool('available', each.from.pool, -left),
      ...(came === 0n
        ? []
        : [byPool('movedIn', each.to.pool, came), byPool('available', each.to.pool, came)]),
    ];
  });

/** The movements of exchanges. */
export const exchangeMovements: MovementsTable<ExchangeEvents> = {
  'book.currency-exchanged.v1': ({ data }) => exchanged(data.exchanges),
  'book.goods-bought.v1': ({ data }) => exchanged(data.exchanges),
};
