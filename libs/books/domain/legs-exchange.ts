import { BASE_CURRENCY, type ExchangeEvents, type Exchanged, mintedIn } from '#funds';
import type { CommodityCode } from '#kernel';
import { type Leg, type LegsTable, leg } from './leg.ts';
import { piecesOf } from './legs-core.ts';
import { type Past, exchangeOrigins, takeAway } from './past.ts';

interface Side {
  readonly account: string;
  readonly commodity: CommodityCode;
}

/**
 * What was given and what came for it. What it is worth went from one own account to the other; units that are no
 * money of the books are counted beside it, by source.
 */
function exchangedLegs(past: Past, exchanges: readonly Exchanged[], out: Side, into: Side): Leg[] {
  return exchanges.flatMap((exchange) => {
    const given = piecesOf(past, [exchange.from]);
    exchangeOrigins(past, exchange, out.commodity);
    takeAway(past, [exchange.from]);
    const came =
      mintedIn(exchange) > 0n
        ? piecesOf(past, [{ pool: exchange.to.pool, units: [exchange.to.minted] }])
        : [];
    return [
      ...given.flatMap(({ amount, source, restricted, programme, value }) => {
        const said = { source, restricted, programme };
        const worth = out.commodity === BASE_CURRENCY ? amount : (value?.amount ?? 0n);
        const moved = leg({
          ...said,
          kind: 'exchange-value',
          commodity: BASE_CURRENCY,
          amount: worth,
          own: into.account,
          ownTo: out.account,
        });
        if (out.commodity === BASE_CURRENCY) return [moved];
        return [
          leg({ ...said, kind: 'exchange-out', commodity: out.commodity, amount, own: out.account }),
          moved,
        ];
      }),
      ...(into.commodity === BASE_CURRENCY
        ? []
        : came.map(({ amount, source, restricted, programme }) =>
            leg({
              kind: 'exchange-in',
              commodity: into.commodity,
              amount,
              own: into.account,
              source,
              restricted,
              programme,
            }),
          )),
    ];
  });
}

/** Legs of exchanges. */
export const exchangeLegs: LegsTable<ExchangeEvents> = {
  'book.goods-bought.v1': (past, { data }) =>
    exchangedLegs(
      past,
      data.exchanges,
      { account: data.account, commodity: data.commodity },
      { account: data.store, commodity: data.good },
    ),
};
