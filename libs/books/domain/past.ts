import {
  type AccountKind,
  type BookEvent,
  type DisbursementLine,
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

/** What units are worth in money, as the receipt or purchase that brought them in says. */
export interface Value {
  readonly amount: bigint;
  readonly commodity: CommodityCode;
}

/** Consecutive units of a pool that came from one source. `value`, of goods, is that of all of them. */
export interface Origin extends Range {
  /** Null: the log does not say. */
  readonly source: ReceiptSource | null;
  readonly value: Value | null;
}

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
}

const UNKEPT: Changes = {
  kind: () => undefined,
  origin: () => undefined,
  pool: () => undefined,
  left: () => undefined,
  gone: () => undefined,
  grown: () => undefined,
};

export const emptyPast = (changed: Changes = UNKEPT): Past => ({
  kinds: new Map(),
  origins: new Map(),
  left: new Map(),
  gone: new Map(),
  grown: new Map(),
  changed,
});

/** Where units of a merged fund came from is part of the past of the fund that goes on with them. */
export function takeOver(past: Past, { origins, gone, grown }: Past): void {
  for (const [pool, all] of origins) past.origins.set(pool, all);
  for (const [pool, units] of gone) past.gone.set(pool, units);
  for (const [receipt, units] of grown) past.grown.set(receipt, units);
}

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
  a.to === b.from && a.source === b.source && a.value === null && b.value === null;

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

/** The share of a value that units at these places of it have: cumulative, so that shares add up to the whole. */
const shareOf = ({ from, to, value }: Origin, part: Range): Value | null => {
  if (value === null) return null;
  const until = (unit: bigint): bigint => ((unit - from) * value.amount) / (to - from);
  return { amount: until(part.to) - until(part.from), commodity: value.commodity };
};

/** The origins of units of a pool, in their order; a gap in what is known has neither source nor value. */
export function originsOf(past: Past, pool: string, units: readonly Range[]): Origin[] {
  const origins = past.origins.get(pool) ?? [];
  const found: Origin[] = [];
  for (const { from, to } of units) {
    let at = from;
    for (let i = firstBehind(origins, from); at < to; i += 1) {
      const origin = origins[i];
      const begins = origin === undefined || origin.from >= to ? to : origin.from;
      if (begins > at) found.push({ from: at, to: begins, source: null, value: null });
      if (origin === undefined || begins >= to) break;
      const part = { from: begins > at ? begins : at, to: origin.to < to ? origin.to : to };
      found.push({ ...part, source: origin.source, value: shareOf(origin, part) });
      at = part.to;
    }
  }
  return found;
}

/** Units minted for others take over where those came from. */
export function moveOrigins(past: Past, from: PoolUnits, to: { pool: string; minted: WireRange }): void {
  for (const { source, target } of mapMove(from.units.map(fromWire), fromWire(to.minted)))
    for (const origin of originsOf(past, from.pool, [source]))
      addOrigin(past, to.pool, {
        ...origin,
        from: origin.from + target.from - source.from,
        to: origin.to + target.from - source.from,
      });
}

/** Says another source of units, which cuts the origins that hold more than them. */
export function changeSource(past: Past, pool: string, units: readonly Range[], source: ReceiptSource): void {
  let origins: readonly Origin[] = past.origins.get(pool) ?? [];
  for (const range of units)
    origins = origins.flatMap((origin) => {
      if (origin.to <= range.from || origin.from >= range.to) return [origin];
      const cut = (from: bigint, to: bigint): Origin[] =>
        from < to ? [{ ...origin, from, to, value: shareOf(origin, { from, to }) }] : [];
      const [low, high] = [
        origin.from > range.from ? origin.from : range.from,
        origin.to < range.to ? origin.to : range.to,
      ];
      return [
        ...cut(origin.from, low),
        ...cut(low, high).map((part) => ({ ...part, source })),
        ...cut(high, origin.to),
      ];
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
