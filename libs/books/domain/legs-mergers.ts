import {
  type AccountsHandedOver,
  BASE_CURRENCY,
  ITEM_SIDES,
  type ItemsHandedOver,
  type MergerEvents,
  type PoolUnits,
} from '#funds';
import { type CommodityCode, isCurrency } from '#kernel';
import { handOver, takeCarried } from './carried.ts';
import { type Leg, type LegsTable, leg, none } from './leg.ts';
import { type Piece, keepKind, piecesOf } from './legs-core.ts';
import type { Past } from './past.ts';

type Data<T extends keyof MergerEvents> = MergerEvents[T];

/** What stands on an own account leaves it, or arrives there; what is below zero goes the other way. */
const money = (own: string, commodity: CommodityCode, amount: bigint, arrives: boolean): Leg[] => {
  if (amount === 0n) return [];
  const isUndone = amount > 0n ? arrives : !arrives;
  return [leg({ kind: 'merger-money', isUndone, commodity, amount: amount > 0n ? amount : -amount, own })];
};

/** An own account as the fund that ends calls it, and as the one that goes on does. */
interface Own {
  readonly was: string;
  readonly own: string;
}

/**
 * What lies in an own account leaves it or arrives there; foreign money with what it stands at in the currency of the
 * books. What revaluations added to that is taken back before: the successor values it anew.
 */
function held(
  past: Past,
  { was, own }: Own,
  commodity: CommodityCode,
  amount: bigint,
  arrives: boolean,
): Leg[] {
  const { value, unrealised } = arrives
    ? takeCarried(past, was, own, commodity)
    : handOver(past, was, commodity);
  const here = arrives ? own : was;
  const back = { kind: 'revaluation', commodity: BASE_CURRENCY, own: here } as const;
  return [
    ...(unrealised === 0n
      ? []
      : [leg({ ...back, isUndone: unrealised > 0n, amount: unrealised > 0n ? unrealised : -unrealised })]),
    ...money(here, commodity, amount, arrives),
    ...money(here, BASE_CURRENCY, value, arrives),
  ];
}

const accounts = (past: Past, { accounts: all }: AccountsHandedOver, arrives: boolean): Leg[] =>
  all.flatMap(({ account, was, commodity, amount }) =>
    commodity === null ? [] : held(past, { was, own: account }, commodity, BigInt(amount), arrives),
  );

const items = (past: Past, { items: all }: ItemsHandedOver, arrives: boolean): Leg[] =>
  all.flatMap(({ kind, account, commodity, amount }) => {
    const { where, side } = ITEM_SIDES[kind];
    const own = `${where}/${account}`;
    return held(past, { was: own, own }, commodity, side * BigInt(amount), arrives);
  });

/** Pieces that differ in nothing but their units are one. */
function summed(pieces: readonly Piece[]): Piece[] {
  const sums = new Map<string, Piece>();
  for (const piece of pieces) {
    const { source, restricted, programme, value } = piece;
    const key = [source, restricted, programme, value?.commodity].join(' ');
    const known = sums.get(key);
    if (known === undefined) sums.set(key, piece);
    else
      sums.set(key, {
        ...known,
        amount: known.amount + piece.amount,
        value: known.value && { ...known.value, amount: known.value.amount + (value?.amount ?? 0n) },
      });
  }
  return [...sums.values()];
}

/** What of each source was not used, and of goods what they are worth in their store. */
const units = (
  past: Past,
  { commodity, store }: { readonly commodity: CommodityCode; readonly store: string | null },
  held: readonly PoolUnits[],
  arrives: boolean,
): Leg[] =>
  summed(piecesOf(past, held)).flatMap(({ amount, value, source, restricted, programme }) => [
    leg({
      kind: 'merger-source',
      isUndone: arrives,
      commodity,
      amount,
      value,
      source,
      restricted,
      programme,
    }),
    ...(value === null || store === null || isCurrency(commodity)
      ? []
      : money(store, value.commodity, value.amount, arrives)),
  ]);

const pools = (past: Past, { pools: all }: Data<'book.pools-handed-over.v1'>, arrives: boolean): Leg[] =>
  all.flatMap((pool) => units(past, pool, [{ pool: pool.pool, units: pool.free }], arrives));

/** What a pool lacks takes away from what it has. */
const shortfalls = (
  past: Past,
  { pools: all }: Data<'book.shortfalls-handed-over.v1'>,
  arrives: boolean,
): Leg[] =>
  all.flatMap((pool) =>
    units(
      past,
      pool,
      pool.short.map((one) => ({ pool: pool.pool, units: one.units })),
      !arrives,
    ),
  );

const disbursement = (past: Past, data: Data<'book.disbursement-handed-over.v1'>, arrives: boolean): Leg[] =>
  data.status === 'approved' ? units(past, data, data.held, arrives) : [];

/** Legs of mergers: each of the two funds books everything against one account of its profile. */
export const mergerLegs: LegsTable<MergerEvents> = {
  'book.accounts-handed-over.v1': (past, { data }) => accounts(past, data, false),
  'book.accounts-taken-over.v1': (past, { data }) => {
    for (const { account, kind } of data.accounts) keepKind(past, account, kind);
    return accounts(past, data, true);
  },
  'book.advance-handed-over.v1': (past, { data }) => units(past, data, data.held, false),
  'book.advance-taken-over.v1': (past, { data }) => units(past, data, data.held, true),
  'book.disbursement-handed-over.v1': (past, { data }) => disbursement(past, data, false),
  'book.disbursement-taken-over.v1': (past, { data }) => disbursement(past, data, true),
  'book.fund-taken-over.v1': none,
  'book.items-handed-over.v1': (past, { data }) => items(past, data, false),
  'book.items-taken-over.v1': (past, { data }) => items(past, data, true),
  'book.merged.v1': none,
  'book.pools-handed-over.v1': (past, { data }) => pools(past, data, false),
  'book.pools-taken-over.v1': (past, { data }) => pools(past, data, true),
  'book.predecessor-carried.v1': none,
  'book.shortfalls-handed-over.v1': (past, { data }) => shortfalls(past, data, false),
  'book.shortfalls-taken-over.v1': (past, { data }) => shortfalls(past, data, true),
};
