import { invariant } from './invariant.ts';

/** The units numbered from…to−1 of one pool. Never empty. */
export interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/** A range of units and the pool that counts them. */
export interface Span extends Range {
  readonly pool: string;
}

/**
 * A set of units of one pool: ranges in ascending order that neither overlap nor touch. Every function here
 * that returns a set keeps that form, so equal sets are equal values.
 */
export type RangeSet = readonly Range[];

/** Units as they were drawn, in order; not a set: the order says which unit backs which part of a use. */
export type Backing = readonly Range[];

export const EMPTY: RangeSet = [];

export const sizeOf = (ranges: readonly Range[]): bigint => ranges.reduce((sum, r) => sum + r.to - r.from, 0n);

/** The ranges in ascending order with touching ones made one. Overlap breaks an invariant. */
export function toSet(ranges: readonly Range[]): RangeSet {
  const set: Range[] = [];
  for (const range of ranges.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    invariant(range.from < range.to, 'a range holds at least one unit');
    const last = set.at(-1);
    invariant(!last || last.to <= range.from, 'ranges of one set are disjoint');
    if (last && last.to === range.from) set[set.length - 1] = { from: last.from, to: range.to };
    else set.push(range);
  }
  return set;
}

/** All units of both, which must be disjoint. */
export const union = (a: RangeSet, b: readonly Range[]): RangeSet => toSet([...a, ...b]);

/** The units of `a` that are not in `b`, in the order of `a`. */
export function subtract(a: readonly Range[], b: RangeSet): Range[] {
  return a.flatMap((range) => {
    const rest: Range[] = [];
    let from = range.from;
    for (const hole of b) {
      if (hole.to <= from || hole.from >= range.to) continue;
      if (hole.from > from) rest.push({ from, to: hole.from });
      from = hole.to;
    }
    if (from < range.to) rest.push({ from, to: range.to });
    return rest;
  });
}

/** The units of `a` that are also in `b`, in the order of `a`. */
export function intersect(a: readonly Range[], b: RangeSet): Range[] {
  return a.flatMap((range) =>
    b.flatMap((other) => {
      const from = range.from > other.from ? range.from : other.from;
      const to = range.to < other.to ? range.to : other.to;
      return from < to ? [{ from, to }] : [];
    }),
  );
}

/** The first `amount` units in the order given, and the rest. The ranges must hold that many. */
export function takeFirst(ranges: readonly Range[], amount: bigint): { taken: Range[]; rest: Range[] } {
  const taken: Range[] = [];
  let missing = amount;
  for (const [index, range] of ranges.entries()) {
    if (missing === 0n) return { taken, rest: ranges.slice(index) };
    const size = range.to - range.from;
    if (size > missing) {
      const cut = range.from + missing;
      taken.push({ from: range.from, to: cut });
      return { taken, rest: [{ from: cut, to: range.to }, ...ranges.slice(index + 1)] };
    }
    taken.push(range);
    missing -= size;
  }
  invariant(missing === 0n, 'no more units are taken than there are');
  return { taken, rest: [] };
}

/** The last `amount` units in the order given, and what stays before them (DESIGN §4: a part returned). */
export function takeLast(ranges: readonly Range[], amount: bigint): { taken: Range[]; rest: Range[] } {
  const { taken: rest, rest: taken } = takeFirst(ranges, sizeOf(ranges) - amount);
  return { taken, rest };
}

/** Joins neighbours that continue each other, keeping the order: [0,5)[5,9)[20,30) is [0,9)[20,30). */
export function joinInOrder(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last && last.to === range.from) joined[joined.length - 1] = { from: last.from, to: range.to };
    else joined.push(range);
  }
  return joined;
}
