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

/** How many units the ranges hold together. */
export const sizeOf = (ranges: readonly Range[]): bigint =>
  ranges.reduce((sum, r) => sum + r.to - r.from, 0n);

/** Whether the ranges hold `amount` units or more. Looks no further than it must. */
export function holdsAtLeast(ranges: readonly Range[], amount: bigint): boolean {
  let missing = amount;
  return ranges.some(({ from, to }) => (missing -= to - from) <= 0n);
}

/** The ranges in ascending order with touching ones made one. Overlap breaks an invariant. */
export function toSet(ranges: readonly Range[]): RangeSet {
  const sorted = ranges.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  for (const [index, range] of sorted.entries()) {
    const next = sorted[index + 1];
    invariant(range.from < range.to, 'a range holds at least one unit');
    invariant(!next || range.to <= next.from, 'ranges of one set are disjoint');
  }
  return joinInOrder(sorted);
}

/** All units of both, which must be disjoint. Costs what lies near `b`, not the whole of `a`. */
export function union(a: RangeSet, b: readonly Range[]): RangeSet {
  const added = toSet(b);
  const { before, near, after } = around(a, added);
  return before.concat(toSet([...near, ...added]), after);
}

/** The set with a range behind all its units. Costs no more than the copy of the set. */
export function extend(a: RangeSet, range: Range): RangeSet {
  invariant(range.from < range.to, 'a range holds at least one unit');
  const last = a.at(-1);
  invariant(!last || last.to <= range.from, 'what extends a set lies behind it');
  return last?.to === range.from ? [...a.slice(0, -1), { from: last.from, to: range.to }] : [...a, range];
}

/** All units of the set but these, which must be in it. Costs what lies near `b`, not the whole of `a`. */
export function without(a: RangeSet, b: readonly Range[]): RangeSet {
  const removed = toSet(b);
  const { before, near, after } = around(a, removed);
  const left = subtract(near, removed);
  invariant(sizeOf(near) - sizeOf(left) === sizeOf(removed), 'only units of the set leave it');
  return before.concat(left, after);
}

/** The units of `a` that are not in `b`, in the order of `a`. */
export function subtract(a: readonly Range[], b: RangeSet): Range[] {
  return a.flatMap((range) => {
    const rest: Range[] = [];
    let from = range.from;
    for (const hole of intersect([range], b)) {
      if (hole.from > from) rest.push({ from, to: hole.from });
      from = hole.to;
    }
    if (from < range.to) rest.push({ from, to: range.to });
    return rest;
  });
}

/** The units of `a` that are also in `b`, in the order of `a`. */
export function intersect(a: readonly Range[], b: RangeSet): Range[] {
  const common: Range[] = [];
  for (const range of a) {
    let index = firstReaching(b, range.from + 1n);
    for (let other = b[index]; other && other.from < range.to; other = b[(index += 1)])
      common.push({ from: larger(range.from, other.from), to: smaller(range.to, other.to) });
  }
  return common;
}

/** The first `amount` units in the order given, and the rest. The ranges must hold that many. */
export function takeFirst(ranges: readonly Range[], amount: bigint): { taken: Range[]; rest: Range[] } {
  invariant(amount >= 0n, 'units taken are counted from 0');
  const taken: Range[] = [];
  let missing = amount;
  for (const [index, range] of ranges.entries()) {
    if (missing === 0n) return { taken, rest: ranges.slice(index) };
    const cut = range.from + missing;
    if (cut < range.to) {
      taken.push({ from: range.from, to: cut });
      const rest = ranges.slice(index);
      rest[0] = { from: cut, to: range.to };
      return { taken, rest };
    }
    taken.push(range);
    missing = cut - range.to;
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

/**
 * Puts `by` in the places of the units `replaced`, keeping the order of the backing: the first unit of `by`
 * stands where the backing held the first of them. Both hold equally many, and the backing holds `replaced`.
 */
export function replaceUnits(backing: Backing, replaced: readonly Range[], by: Backing): Range[] {
  const goes = toSet(replaced);
  const after: Range[] = [];
  let unused: readonly Range[] = by;
  for (const range of backing) {
    let from = range.from;
    for (const hole of intersect([range], goes)) {
      if (hole.from > from) after.push({ from, to: hole.from });
      const { taken, rest } = takeFirst(unused, hole.to - hole.from);
      after.push(...taken);
      unused = rest;
      from = hole.to;
    }
    if (from < range.to) after.push({ from, to: range.to });
  }
  invariant(unused.length === 0 && sizeOf(replaced) === sizeOf(by), 'each unit replaced gets one other');
  return joinInOrder(after);
}

/** A set cut in three: the ranges that `b` overlaps, touches or encloses, and those before and after them. */
function around(a: RangeSet, b: RangeSet): { before: RangeSet; near: RangeSet; after: RangeSet } {
  const [first, last] = [b[0], b.at(-1)];
  if (!first || !last) return { before: a, near: EMPTY, after: EMPTY };
  const start = firstReaching(a, first.from);
  const end = firstReaching(a, last.to + 1n);
  // The range at `end` reaches beyond `b` and may still begin at or before its last unit.
  const next = a[end];
  const stop = next && next.from <= last.to ? end + 1 : end;
  return { before: a.slice(0, start), near: a.slice(start, stop), after: a.slice(stop) };
}

/** Index of the first range that ends at `unit` or later; the length of the set when none does. */
function firstReaching(set: RangeSet, unit: bigint): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = set[middle];
    if (range && range.to < unit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
