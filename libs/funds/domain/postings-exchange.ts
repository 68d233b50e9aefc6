import type { ExchangeEvents, Exchanged } from './events-exchange.ts';
import type { BookEvent } from './events.ts';
import { mintedIn } from './exchange.ts';
import { type Posting, type PostingsTable, assetOf } from './posting.ts';
import { sizeOnWire } from './wire.ts';

/** What leaves one pool with what leaves one account, and what comes into another pool and account; each sums to 0. */
const exchanged = (
  event: BookEvent,
  exchanges: readonly Exchanged[],
  out: { readonly account: string; readonly commodity: string },
  into: { readonly account: string; readonly commodity: string },
): Posting[] =>
  exchanges.flatMap((each) => {
    const [left, came] = [sizeOnWire(each.from), mintedIn(each)];
    return [
      { account: `free/${each.from.pool}`, commodity: out.commodity, amount: left },
      { account: assetOf(event, out.account), commodity: out.commodity, amount: -left },
      ...(came === 0n
        ? []
        : [
            { account: assetOf(event, into.account), commodity: into.commodity, amount: came },
            { account: `free/${each.to.pool}`, commodity: into.commodity, amount: -came },
          ]),
    ];
  });

/** The postings of exchanges. */
export const exchangePostings: PostingsTable<ExchangeEvents> = {
  'book.currency-exchanged.v1': (event) => {
    const { account, commodity, into, base, exchanges } = event.data;
    return exchanged(event, exchanges, { account, commodity }, { account: into, commodity: base });
  },
  'book.goods-bought.v1': (event) => {
    const { account, commodity, store, good, exchanges } = event.data;
    return exchanged(event, exchanges, { account, commodity }, { account: store, commodity: good });
  },
};
