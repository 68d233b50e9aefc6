import { type Backing, type Result, available, draw, invariant, ok, refuse, sizeOf } from '#kernel';
import { type BookState, type Held, freePools, heldToWire, poolOf } from './book.ts';
import type { Part, PoolUnits } from './events.ts';
import { type Purpose, offeringOrder, poolAdmits, poolKey } from './restriction.ts';

export type Covers = (place: string, of: string) => boolean;

/** Units to take from one pool. */
export interface PoolAmount {
  readonly pool: string;
  readonly amount: bigint;
}

/** What one event carries at most: DESIGN §4. A longer draw goes over several events of one append. */
export const SPANS_PER_EVENT_MAX = 256;

/** Pools one use may take from, so that the event naming them stays under 65,535 bytes. */
export const POOLS_PER_USE_MAX = 200;

/**
 * Chooses pools for a use: those that admit every line, in the offering order of DESIGN §4, each emptied
 * before the next. Refuses when they do not hold enough together, saying how much they do.
 */
export function offerPools(
  book: BookState,
  commodity: string,
  amount: bigint,
  purposes: readonly Purpose[],
  covers: Covers,
): Result<PoolAmount[]> {
  const offered = freePools(book, commodity)
    .filter(({ pool }) => purposes.every((purpose) => poolAdmits(poolKey(pool), purpose, covers)))
    .toSorted((a, b) => offeringOrder(a.pool, b.pool));
  const chosen: PoolAmount[] = [];
  let missing = amount;
  for (const { pool, free } of offered) {
    if (missing === 0n) break;
    const part = free < missing ? free : missing;
    chosen.push({ pool, amount: part });
    missing -= part;
  }
  if (missing > 0n)
    return refuse('POOLS_INSUFFICIENT', { asked: String(amount), free: String(amount - missing), commodity });
  return chosen.length > POOLS_PER_USE_MAX ? tooMany(chosen) : ok(chosen);
}

/** Each named pool is of this fund and commodity, admits every line, and holds enough. */
export function checkPools(
  book: BookState,
  commodity: string,
  pools: readonly PoolAmount[],
  purposes: readonly Purpose[],
  covers: Covers,
): Result<void> {
  if (pools.length > POOLS_PER_USE_MAX) return tooMany(pools);
  for (const { pool, amount } of pools) {
    const key = poolKey(pool);
    if (!book.pools.has(pool)) return refuse('POOL_UNKNOWN', { pool, fund: book.fund });
    if (key.commodity !== commodity) return refuse('COMMODITY_WRONG', { pool, commodity });
    if (!purposes.every((purpose) => poolAdmits(key, purpose, covers)))
      return refuse('RESTRICTION_BROKEN', { pool });
    const free = available(poolOf(book, pool));
    if (free < amount) return refuse('POOL_OVERDRAWN', { pool, asked: String(amount), free: String(free) });
  }
  const names = new Set(pools.map(({ pool }) => pool));
  return names.size === pools.length ? ok(undefined) : refuse('POOL_NAMED_TWICE');
}

const tooMany = (pools: readonly PoolAmount[]): Result<never> =>
  refuse('POOLS_TOO_MANY', { count: String(pools.length), max: String(POOLS_PER_USE_MAX) });

/** Draws the lowest free units of each pool, no pool twice. That they are enough was checked. */
export const drawPools = (book: BookState, pools: readonly PoolAmount[]): Held[] =>
  pools.map(({ pool, amount }) => {
    const drawn = draw(poolOf(book, pool), amount);
    invariant(drawn !== undefined, `${pool} holds what was chosen from it`);
    return { pool, units: drawn.drawn };
  });

/** Cuts held units into parts of at most `spansMax` spans, keeping the order; one empty part for no units. */
export function inParts(held: readonly Held[], spansMax: number = SPANS_PER_EVENT_MAX): PoolUnits[][] {
  const parts: PoolUnits[][] = [];
  let part: PoolUnits[] = [];
  let room = spansMax;
  for (const { pool, units } of held) {
    for (let at = 0; at < units.length;) {
      const taken: Backing = units.slice(at, at + room);
      part.push(heldToWire({ pool, units: taken }));
      at += taken.length;
      room -= taken.length;
      if (room === 0) {
        parts.push(part);
        part = [];
        room = spansMax;
      }
    }
  }
  return part.length > 0 || parts.length === 0 ? [...parts, part] : parts;
}

/** The facts of one decision, one for each part, with their numbers. */
export const numbered = <T, Data extends object>(
  parts: readonly T[],
  data: (part: T, index: number) => Data,
): (Data & Part)[] =>
  parts.map((part, index) => ({ ...data(part, index), part: index + 1, parts: parts.length }));

export const heldTotal = (held: readonly Held[]): bigint =>
  held.reduce((sum, { units }) => sum + sizeOf(units), 0n);
