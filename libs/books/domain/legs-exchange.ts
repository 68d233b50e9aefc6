import {
  BASE_CURRENCY,
  type CurrencyExchanged,
  type ExchangeEvents,
  type Exchanged,
  fromWire,
  mintedIn,
  readRate,
  worthAt,
} from '#funds';
import type { CommodityCode } from '#kernel';
import { carriedIn, carry } from './carried.ts';
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
    exchangeOrigins(past, exchange, {
      commodity: out.commodity,
      isMoney: into.commodity === BASE_CURRENCY,
    });
    takeAway(past, [exchange.from]);
    const came =
      mintedIn(exchange) > 0n
        ? piecesOf(past, [{ pool: exchange.to.pool, units: [exchange.to.minted] }])
        : [];
    return [
      ...given.flatMap(({ amount, source, restricted, programme, value }) => {
        const said = { source, restricted, programme };
        const worth = out.commodity === BASE_CURRENCY ? amount : (value?.amount ?? 0n);
        if (out.commodity !== BASE_CURRENCY && value !== null)
          carry(past, out.account, out.commodity, { units: -amount, value: -worth });
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

/**
 * Foreign money that became money of the books: it leaves at the value it came in with, and what the bank paid above
 * or below that is a gain or a loss of its own. Where no rate was known, what was paid is its value.
 */
function soldLegs(past: Past, { account, commodity, into, base, exchanges }: CurrencyExchanged): Leg[] {
  return exchanges.flatMap((exchange) => {
    const given = piecesOf(past, [exchange.from]);
    exchangeOrigins(past, exchange, { commodity, isMoney: true });
    takeAway(past, [exchange.from]);
    const { from, to } = fromWire(exchange.to.minted);
    let passed = BigInt(exchange.before);
    const until = (units: bigint): bigint => (units * (to - from)) / BigInt(exchange.drawn);
    return given.flatMap(({ amount, source, restricted, programme, value }) => {
      const before = passed;
      passed += amount;
      const paid = until(passed) - until(before);
      const said = { source, restricted, programme };
      const out = leg({ ...said, kind: 'exchange-out', commodity, amount, own: account });
      const inBase = { ...said, commodity: base, own: into };
      if (value === null) return [out, leg({ ...inBase, kind: 'receipt', amount: paid })];
      carry(past, account, commodity, { units: -amount, value: -value.amount });
      const [kind, difference] =
        paid < value.amount
          ? (['exchange-loss', value.amount - paid] as const)
          : (['exchange-gain', paid - value.amount] as const);
      return [
        out,
        leg({ ...inBase, kind: 'exchange-value', amount: value.amount, ownTo: account }),
        ...(difference === 0n ? [] : [leg({ ...inBase, kind, amount: difference })]),
      ];
    });
  });
}

/** Legs of exchanges. */
export const exchangeLegs: LegsTable<ExchangeEvents> = {
  'book.currency-exchanged.v1': (past, { data }) => soldLegs(past, data),
  // To what it stands at, with what earlier revaluations added, as much as it takes to be at the rate.
  'book.currency-revalued.v1': (past, { data: { account, commodity, perUnit } }) => {
    const { units, value, unrealised } = carriedIn(past, account, commodity);
    const rate = readRate(perUnit, commodity);
    const worth = rate.ok && units > 0n ? worthAt(rate.value, units) : 0n;
    const more = worth - value - unrealised;
    carry(past, account, commodity, { unrealised: more });
    if (more === 0n) return [];
    return [
      leg({
        kind: 'revaluation',
        isUndone: more < 0n,
        commodity: BASE_CURRENCY,
        amount: more < 0n ? -more : more,
        own: account,
      }),
    ];
  },
  'book.goods-bought.v1': (past, { data }) =>
    exchangedLegs(
      past,
      data.exchanges,
      { account: data.account, commodity: data.commodity },
      { account: data.store, commodity: data.good },
    ),
};
