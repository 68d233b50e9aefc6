import {
  type AccountKind,
  BASE_CURRENCY,
  type BookEvent,
  type DisbursementLine,
  type Exchanged,
  type PoolUnits,
  type ReceiptSource,
  type WireRange,
  fromWire,
} from '#funds';
import {
  type CommodityCode,
  EMPTY,
  type Range,
  type RangeSet,
  mapMove,
  subtract,
  toSet,
  union,
} from '#kernel';
import type { Carried } from './carried.ts';
import {
  type Origin,
  type Share,
  type Sourced,
  cutOrigin,
  eachSource,
  firstShares,
  fromSource,
} from './worth.ts';

/** What was said of a use, less what earlier parts of it took. */
export type LinesLeft = readonly Pick<DisbursementLine, 'amount' | 'beneficiary' | 'place'>[];

/**
 * What the accounting entries of a fund need of its past: the kinds of its own accounts, where the units of its
 * pools came from, and, between the parts of one decision, the lines that are left. Its size grows with the
 * sources that took turns in a pool, not with the number of gifts.
 */
export interface Past {
  readonly kinds: Map<string, AccountKind>;
  /** By pool, in the order of their units, disjoint. */
  readonly origins: Map<string, Origin[]>;
  /** By disbursement. */
  readonly left: Map<string, LinesLeft>;
  /** By receipt: what its corrections minted beside its own units. */
  readonly grown: Map<string, readonly WireRange[]>;
  /** By pool: units that were used or moved on, and so stand in it no more. */
  readonly gone: Map<string, RangeSet>;
  /** By own account and commodity: what foreign money there stands at. */
  readonly carried: Map<string, Carried>;
  readonly changed: Changes;
}

/** Hears what becomes another, so that a store can keep it. */
export interface Changes {
  readonly kind: (account: string, kind: AccountKind) => void;
  /** An origin that is new, or ends later: the one of its pool that begins with its first unit. */
  readonly origin: (pool: string, origin: Origin) => void;
  /** All origins of a pool anew. */
  readonly pool: (pool: string, origins: readonly Origin[]) => void;
  /** Undefined: nothing is left. */
  readonly left: (disbursement: string, lines: LinesLeft | undefined) => void;
  readonly gone: (pool: string, units: RangeSet) => void;
  readonly grown: (receipt: string, units: readonly WireRange[]) => void;
  readonly carried: (own: string, commodity: CommodityCode, carried: Carried) => void;
}

const UNKEPT: Changes = {
  kind: () => undefined,
  origin: () => undefined,
  pool: () => undefined,
  left: () => undefined,
  gone: () => undefined,
  grown: () => undefined,
  carried: () => undefined,
};

export const emptyPast = (changed: Changes = UNKEPT): Past => ({
  kinds: new Map(),
  origins: new Map(),
  left: new Map(),
  gone: new Map(),
  grown: new Map(),
  carried: new Map(),
  changed,
});

const setGone = (past: Past, pool: string, units: RangeSet): void => {
  past.gone.set(pool, units);
  past.changed.gone(pool, units);
};

/** These units stand in their pools no more. */
export function takeAway(past: Past, held: readonly PoolUnits[]): void {
  for (const { pool, units } of held)
    setGone(past, pool, union(past.gone.get(pool) ?? EMPTY, units.map(fromWire)));
}

/** These units are in their pools again, or will never be. */
export function bringBack(past: Past, held: readonly PoolUnits[]): void {
  for (const { pool, units } of held)
    setGone(past, pool, subtract(past.gone.get(pool) ?? EMPTY, toSet(units.map(fromWire))));
}

const isSame = (a: Origin, b: Origin): boolean =>
  a.to === b.from && a.source === b.source && a.worth === null && b.worth === null;

/** Adds units behind the last ones of a pool; neighbours from one source are one origin. */
export function addOrigin(past: Past, pool: string, added: Origin): void {
  const origins = past.origins.get(pool) ?? [];
  past.origins.set(pool, origins);
  const last = origins.at(-1);
  const isJoined = last !== undefined && isSame(last, added);
  const now = isJoined ? { ...last, to: added.to } : added;
  origins[origins.length - (isJoined ? 1 : 0)] = now;
  past.changed.origin(pool, now);
}

/** Place of the first origin that ends behind a unit. */
function firstBehind(origins: readonly Origin[], unit: bigint): number {
  let [low, high] = [0, origins.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((origins[middle]?.to ?? 0n) <= unit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where units of a pool came from, in their order; a gap in what is known has neither source nor value. */
export const originsOf = (past: Past, pool: string, units: readonly Range[]): Sourced[] =>
  wholeOrigins(past, pool, units).flatMap(eachSource);

/** The same with the shares of exchanged units together. */
function wholeOrigins(past: Past, pool: string, units: readonly Range[]): Origin[] {
  const origins = past.origins.get(pool) ?? [];
  const found: Origin[] = [];
  for (const { from, to } of units) {
    let at = from;
    for (let i = firstBehind(origins, from); at < to; i += 1) {
      const origin = origins[i];
      const begins = origin === undefined || origin.from >= to ? to : origin.from;
      if (begins > at) found.push({ from: at, to: begins, source: null, worth: null });
      if (origin === undefined || begins >= to) break;
      const part = { from: begins > at ? begins : at, to: origin.to < to ? origin.to : to };
      found.push(cutOrigin(origin, part));
      at = part.to;
    }
  }
  return found;
}

/** Units minted for others take over where those came from. */
export function moveOrigins(past: Past, from: PoolUnits, to: { pool: string; minted: WireRange }): void {
  for (const { source, target } of mapMove(from.units.map(fromWire), fromWire(to.minted)))
    for (const origin of wholeOrigins(past, from.pool, [source]))
      addOrigin(past, to.pool, {
        ...origin,
        from: origin.from + target.from - source.from,
        to: origin.to + target.from - source.from,
      });
}

/**
 * Units minted in an exchange take over where those came from that were drawn for them, each by its share. What later
 * parts of the same decision draw is not known to the first one, and taken over when they come. `isMoney`: money of the
 * books came for it, which is its own value.
 */
export function exchangeOrigins(
  past: Past,
  exchange: Exchanged,
  { commodity, isMoney }: { readonly commodity: CommodityCode; readonly isMoney: boolean },
): void {
  const { from, to, before, drawn } = exchange;
  const isBase = commodity === BASE_CURRENCY;
  const given = originsOf(past, from.pool, from.units.map(fromWire)).flatMap((origin): Share[] => {
    const weight = origin.to - origin.from;
    const value = isMoney ? null : isBase ? weight : (origin.value?.amount ?? null);
    return weight > 0n ? [{ source: origin.source, weight, value }] : [];
  });
  const minted = fromWire(to.minted);
  const origins = past.origins.get(to.pool) ?? [];
  const at = before === '0' ? -1 : firstBehind(origins, minted.from);
  const known = firstShares(origins[at]?.worth?.shares ?? [], BigInt(before));
  const missing = BigInt(drawn) - BigInt(before) - given.reduce((n, { weight }) => n + weight, 0n);
  const rest: Share[] =
    missing > 0n ? [{ source: null, weight: missing, value: isBase && !isMoney ? missing : null }] : [];
  const shares = [...known, ...given, ...rest];
  const worth = { commodity: BASE_CURRENCY, size: minted.to - minted.from, shares, begin: 0n };
  const origin: Origin = { ...minted, source: null, worth };
  if (before === '0') return addOrigin(past, to.pool, origin);
  past.origins.set(to.pool, origins.with(at, origin));
  past.changed.origin(to.pool, origin);
}

/** Says another source of units. */
export const changeSource = (
  past: Past,
  pool: string,
  units: readonly Range[],
  source: ReceiptSource,
): void => changeOrigins(past, pool, units, (part) => fromSource(part, source));

/** Says something else of units, which cuts the origins that hold more than them. */
export function changeOrigins(
  past: Past,
  pool: string,
  units: readonly Range[],
  change: (part: Origin) => Origin,
): void {
  let origins: readonly Origin[] = past.origins.get(pool) ?? [];
  for (const range of units)
    origins = origins.flatMap((origin) => {
      if (origin.to <= range.from || origin.from >= range.to) return [origin];
      const cut = (from: bigint, to: bigint): Origin[] =>
        from < to ? [cutOrigin(origin, { from, to })] : [];
      const [low, high] = [
        origin.from > range.from ? origin.from : range.from,
        origin.to < range.to ? origin.to : range.to,
      ];
      return [...cut(origin.from, low), ...cut(low, high).map(change), ...cut(high, origin.to)];
    });
  past.origins.set(pool, [...origins]);
  past.changed.pool(pool, origins);
}

/** Pools whose origins an event asks for or changes. */
export function poolsOf(event: BookEvent): string[] {
  if (event.type === 'book.receipt-recorded.v1') return [event.data.pool];
  const { data } = event as { data: { readonly pool?: unknown } };
  const pools = new Set<string>();
  if (typeof data.pool === 'string') pools.add(data.pool);
  const walk = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return;
    if ('pool' in value && typeof value.pool === 'string') pools.add(value.pool);
    for (const member of Object.values(value)) if (typeof member === 'object') walk(member, depth + 1);
  };
  walk(data, 0);
  return [...pools];
}

/** Depth at which events name pools at most: data, list, side, units. */
const DEPTH_MAX = 5;
