import { type Kysely, sql } from 'kysely';
import type { Scope } from '#access';
import { type CommodityCode, type Day, invariant } from '#kernel';
import { type AsOf, type ReadContext, type Stand, type Standing, readAsOf } from '#read-models';
import { poolKey } from '../../domain/restriction.ts';
import { visibleFunds } from '../query.ts';
import { type TraceTables, traces } from '../traces/traces.ts';
import { type AgeSums, agesOf, daysBetween } from './ages.ts';
import { type LotTables, freeLots } from './free-lots.ts';

/** Free units of one pool that came with one receipt: an exact span. */
export interface Lot {
  readonly pool: string;
  readonly fund: string;
  readonly commodity: CommodityCode;
  readonly from: bigint;
  readonly to: bigint;
  readonly amount: bigint;
  /** The gift or income behind them, through any number of moves; null: goods that were bought. */
  readonly receipt: string | null;
  readonly donor: string | null;
  /** Day of that receipt, or of the purchase. */
  readonly since: Day;
}

/** The free units of a pool, and those used before they came in the view of that day. */
interface FreePool {
  readonly pool: string;
  readonly fund: string;
  readonly runs: readonly { readonly from: bigint; readonly to: bigint }[];
  readonly overdrawn: bigint;
}

type Tables = LotTables & TraceTables;
type Db = Kysely<Tables>;

export interface LotsQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
  /** Ages count up to this day. */
  readonly on: Day;
}

/** Borders of runs that one answer holds at most: beyond, ask by fund. */
const BORDERS_MAX = 1_000_000;
/** Pieces of receipts read at a time. */
const PIECES_PAGE = 5_000;

/**
 * The runs of free units of every pool: where the sum of all changes known is 1. The database adds up the changes at
 * each border, so that what came and went again, and runs that meet, are no rows.
 */
async function freePools(
  trx: Db,
  funds: 'all' | ReadonlySet<string>,
  { knownAt, through }: Stand,
): Promise<FreePool[]> {
  const seen =
    funds === 'all' ? sql`1 = 1` : sql`fund in (${sql.join(funds.size === 0 ? [''] : [...funds])})`;
  const known = sql`position <= ${BigInt(knownAt)} and day <= ${through} and ${seen}`;
  const { rows } = await sql<{ pool: string; fund: string; at: bigint; delta: bigint }>`
    select pool, min(fund) as fund, at, cast(sum(delta) as bigint) as delta from (
      select pool, fund, from_unit as at, sign as delta from free_change where ${known}
      union all
      select pool, fund, to_unit as at, -sign as delta from free_change where ${known}
    ) as borders group by pool, at having sum(delta) <> 0 order by pool, at limit ${BORDERS_MAX}`.execute(
    trx,
  );
  invariant(rows.length < BORDERS_MAX, 'free runs are fewer than an answer holds');
  const pools: FreePool[] = [];
  for (const [pool, borders] of Map.groupBy(rows, (row) => row.pool)) {
    const runs: { from: bigint; to: bigint }[] = [];
    let [sum, from, overdrawn] = [0n, 0n, 0n];
    for (const { at, delta } of borders) {
      const [start, end] = [from, BigInt(at)];
      if (sum > 0n) runs.push({ from: start, to: end });
      if (sum < 0n) overdrawn += (end - start) * -sum;
      from = end;
      sum += BigInt(delta);
    }
    pools.push({ pool, fund: borders[0]?.fund ?? '', runs, overdrawn });
  }
  return pools;
}

interface Piece {
  readonly from_unit: bigint;
  readonly to_unit: bigint;
  readonly receipt: string;
  readonly donor: string | null;
  readonly since: string;
}

/** What the units of a pool came from, in order, as known then. */
async function* piecesOf(
  trx: Db,
  pool: string,
  from: bigint,
  to: bigint,
  knownAt: number,
): AsyncGenerator<Piece> {
  const at = BigInt(knownAt);
  for (let after = -1n; ;) {
    const rows: Piece[] = (
      await sql<Piece>`
        select p.from_unit, p.to_unit, p.receipt, p.donor, g.day as since from (
          select from_unit, to_unit, receipt, donor from trace_piece
          where pool = ${pool} and from_unit < ${to} and to_unit > ${from} and position <= ${at}
            and (begun_position is null or begun_position <= ${at})
          union all
          select from_unit, to_unit, receipt, donor from trace_piece_past
          where pool = ${pool} and from_unit < ${to} and to_unit > ${from} and position <= ${at} and ended_position > ${at}
            and (begun_position is null or begun_position <= ${at})
        ) as p join lot_gift g on g.receipt = p.receipt
        where p.from_unit > ${after} order by p.from_unit limit ${PIECES_PAGE}`.execute(trx)
    ).rows;
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < PIECES_PAGE || last === undefined) return;
    after = BigInt(last.from_unit);
  }
}

/** The lots of a run: cut where another receipt begins; units without one came by a purchase. */
async function* lotsOf(
  trx: Db,
  { pool, fund }: FreePool,
  run: { from: bigint; to: bigint },
  stand: Stand,
): AsyncGenerator<Lot> {
  const { commodity } = poolKey(pool);
  const lot = (from: bigint, to: bigint, of: Pick<Lot, 'receipt' | 'donor' | 'since'>): Lot => ({
    pool,
    fund,
    commodity,
    from,
    to,
    amount: to - from,
    ...of,
  });
  let at = run.from;
  for await (const piece of piecesOf(trx, pool, run.from, run.to, stand.knownAt)) {
    const from = BigInt(piece.from_unit) > at ? BigInt(piece.from_unit) : at;
    const to = BigInt(piece.to_unit) < run.to ? BigInt(piece.to_unit) : run.to;
    if (from > at)
      for (const bought of await boughtLots(trx, pool, at, from, stand))
        yield lot(bought.from, bought.to, bought);
    if (to > from) yield lot(from, to, { receipt: piece.receipt, donor: piece.donor, since: piece.since });
    at = to > at ? to : at;
  }
  if (at < run.to)
    for (const bought of await boughtLots(trx, pool, at, run.to, stand))
      yield lot(bought.from, bought.to, bought);
}

/** Units that came by purchases, each with its day. */
async function boughtLots(
  trx: Db,
  pool: string,
  from: bigint,
  to: bigint,
  { knownAt, through }: Stand,
): Promise<Pick<Lot, 'from' | 'to' | 'receipt' | 'donor' | 'since'>[]> {
  const rows = await trx
    .selectFrom('free_change')
    .select(['from_unit', 'to_unit', 'day'])
    .where('pool', '=', pool)
    .where('sign', '=', 1n)
    .where('from_unit', '<', to)
    .where('to_unit', '>', from)
    .where('position', '<=', BigInt(knownAt))
    .where('day', '<=', through)
    .orderBy('position')
    .execute();
  const lots: Pick<Lot, 'from' | 'to' | 'receipt' | 'donor' | 'since'>[] = [];
  let at = from;
  // The first that brought a unit minted it; later ones gave it back.
  for (const row of rows.toSorted((a, b) => (a.from_unit < b.from_unit ? -1 : 1))) {
    const end = row.to_unit < to ? row.to_unit : to;
    if (end <= at) continue;
    lots.push({ from: at, to: end, receipt: null, donor: null, since: row.day });
    at = end;
  }
  return lots;
}

/** Reads lots on one snapshot of the tables. */
const withLots = <T extends object>(
  context: ReadContext,
  { scope, funds: asked, on: _on, ...asOf }: LotsQuery,
  work: (trx: Db, pools: FreePool[], stand: Stand) => Promise<T>,
): Promise<Standing & T> => {
  const funds = visibleFunds(scope, asked);
  return readAsOf<Tables, T>(context, [freeLots.name, traces.name], asOf, async (trx, stand) =>
    work(trx, await freePools(trx, funds, stand), stand),
  );
};

/** What lies free in a pool, by the age of the receipts it came with. */
export interface IdleRow extends AgeSums {
  readonly pool: string;
  /** Used before it came, in the view of that day: total − overdrawn is what is available. */
  readonly overdrawn: bigint;
}

/** Lots of one answer: more are asked for pool by pool, after the last. */
export const LOTS_MAX = 5_000;

export interface IdleQuery extends LotsQuery {
  /** This pool's lots are listed one by one. */
  readonly pool?: string | undefined;
  /** Lots that begin at this unit or later: the `next` of the page before. */
  readonly after?: bigint | undefined;
}

/** Idle money and goods by age, pool by pool. The ages of a pool, less what is overdrawn, are its available balance. */
export const readIdleAges = (
  context: ReadContext,
  query: IdleQuery,
): Promise<
  Standing & {
    readonly rows: readonly IdleRow[];
    readonly lots: readonly Lot[];
    readonly next: bigint | null;
  }
> => {
  const { pool: only, after = 0n, on, ...asked } = query;
  return withLots(context, { ...asked, on }, async (trx, pools, stand) => {
    const rows: IdleRow[] = [];
    const lots: Lot[] = [];
    let next: bigint | null = null;
    for (const of of pools) {
      if (only !== undefined && of.pool !== only) continue;
      const found: { amount: bigint; since: Day }[] = [];
      for (const run of of.runs)
        for await (const lot of lotsOf(trx, of, run, stand)) {
          found.push(lot);
          if (only === undefined || lot.from < after || next !== null) continue;
          if (lots.length < LOTS_MAX) lots.push(lot);
          else next = lot.from;
        }
      const total = found.reduce((sum, { amount }) => sum + amount, 0n);
      const { fund, pool, overdrawn } = of;
      if (total === 0n && overdrawn === 0n) continue;
      rows.push({
        fund,
        pool,
        commodity: poolKey(pool).commodity,
        ages: agesOf(found, on),
        total,
        overdrawn,
      });
    }
    return { rows, lots, next };
  });
};

/** What no use holds of a gift, in whatever pools it lies now. */
export interface UnspentGift {
  /** Null: goods that were bought; the gifts behind them are told by their trace. */
  readonly receipt: string | null;
  readonly donor: string | null;
  readonly fund: string;
  readonly commodity: CommodityCode;
  readonly amount: bigint;
  readonly since: Day;
  readonly days: number;
}

export interface GiftAgesQuery extends LotsQuery {
  readonly donor?: string | undefined;
  /** Gifts after this one: `<day>.<receipt>.<fund>.<commodity>`, the `next` of the page before. */
  readonly after?: string | undefined;
  /** 1 … {@link GIFTS_PAGE_MAX} */
  readonly limit: number;
}

export const GIFTS_PAGE_MAX = 1_000;

const giftKey = ({ since, receipt, fund, commodity }: UnspentGift): string =>
  [since, receipt ?? '-', fund, commodity].join('.');

/** Unspent gifts, the oldest first, with sums by age of each fund and commodity over all of them. */
export const readGiftAges = (
  context: ReadContext,
  { donor, after, limit, on, ...asked }: GiftAgesQuery,
): Promise<
  Standing & {
    readonly rows: readonly UnspentGift[];
    readonly sums: readonly AgeSums[];
    readonly next: string | null;
  }
> =>
  withLots(context, { ...asked, on }, async (trx, pools, stand) => {
    const gifts = new Map<string, UnspentGift>();
    for (const of of pools)
      for (const run of of.runs)
        for await (const lot of lotsOf(trx, of, run, stand)) {
          if (donor !== undefined && lot.donor !== donor) continue;
          const { receipt, fund, commodity, since } = lot;
          const gift = {
            receipt,
            donor: lot.donor,
            fund,
            commodity,
            amount: 0n,
            since,
            days: daysBetween(since, on),
          };
          const key = giftKey(gift);
          const before = gifts.get(key) ?? gift;
          gifts.set(key, { ...before, amount: before.amount + lot.amount });
        }
    const all = [...gifts].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const left = after === undefined ? all : all.filter(([key]) => key > after);
    const size = Math.min(Math.max(1, limit), GIFTS_PAGE_MAX);
    const page = left.slice(0, size);
    const sums = [
      ...Map.groupBy(gifts.values(), ({ fund, commodity }) => `${fund} ${commodity}`).values(),
    ].map((of) => ({
      fund: of[0]?.fund ?? '',
      commodity: of[0]?.commodity ?? '',
      ages: agesOf(of, on),
      total: of.reduce((sum, { amount }) => sum + amount, 0n),
    }));
    return {
      rows: page.map(([, gift]) => gift),
      sums,
      next: left.length > size ? (page.at(-1)?.[0] ?? null) : null,
    };
  });

/** A pool whose restriction ends soon, or has ended, with what lies in it. */
export interface ExpiringPool {
  readonly pool: string;
  readonly fund: string;
  readonly commodity: CommodityCode;
  readonly until: Day;
  /** Below zero: it ended so many days ago. 0: it ends on the day asked. */
  readonly daysLeft: number;
  readonly amount: bigint;
  /** Gifts behind it, the largest first; at most {@link GIFTS_SHOWN}. */
  readonly gifts: readonly {
    readonly receipt: string | null;
    readonly donor: string | null;
    readonly amount: bigint;
  }[];
  /** How many more there are. */
  readonly moreGifts: number;
}

/** Gifts listed of one pool. */
export const GIFTS_SHOWN = 100;
/** Days ahead one may ask. */
export const WITHIN_MAX = 3_660;

/** Pools with free units whose restriction ends within so many days of a day, or has ended; the earliest first. */
export const readExpiring = (
  context: ReadContext,
  { within, on, ...asked }: LotsQuery & { readonly within: number },
): Promise<Standing & { readonly rows: readonly ExpiringPool[] }> =>
  withLots(context, { ...asked, on }, async (trx, pools, stand) => {
    const rows: ExpiringPool[] = [];
    for (const of of pools) {
      const { restriction, commodity } = poolKey(of.pool);
      const { until } = restriction;
      if (until === undefined || daysBetween(on, until) > within || of.runs.length === 0) continue;
      const gifts = new Map<string, { receipt: string | null; donor: string | null; amount: bigint }>();
      for (const run of of.runs)
        for await (const { receipt, donor, amount } of lotsOf(trx, of, run, stand)) {
          const before = gifts.get(receipt ?? '')?.amount ?? 0n;
          gifts.set(receipt ?? '', { receipt, donor, amount: before + amount });
        }
      const largest = [...gifts.values()].toSorted((a, b) =>
        a.amount === b.amount
          ? (a.receipt ?? '') < (b.receipt ?? '')
            ? -1
            : 1
          : a.amount > b.amount
            ? -1
            : 1,
      );
      rows.push({
        pool: of.pool,
        fund: of.fund,
        commodity,
        until,
        daysLeft: daysBetween(on, until),
        amount: of.runs.reduce((sum, { from, to }) => sum + (to - from), 0n),
        gifts: largest.slice(0, GIFTS_SHOWN),
        moreGifts: Math.max(0, largest.length - GIFTS_SHOWN),
      });
    }
    return {
      rows: rows.toSorted((a, b) =>
        a.until === b.until ? (a.pool < b.pool ? -1 : 1) : a.until < b.until ? -1 : 1,
      ),
    };
  });
