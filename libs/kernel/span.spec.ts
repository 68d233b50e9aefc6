import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { anyBacking, anyUnits, ranges, rangesOf, unitsOf } from '../../tests/support/ranges.ts';
import {
  type Backing,
  EMPTY,
  type Range,
  type RangeSet,
  type Span,
  extend,
  holdsAtLeast,
  intersect,
  joinInOrder,
  replaceUnits,
  sizeOf,
  subtract,
  takeFirst,
  takeLast,
  toSet,
  union,
  without,
} from './span.ts';

const RUNS = { numRuns: 300 };

describe('sets of units agree with sets of single numbers', () => {
  test('a set is the same whatever the order and the cuts it was made from', () => {
    fc.assert(
      fc.property(
        anyUnits.chain((u) => fc.tuple(fc.constant(u), fc.shuffledSubarray([...u], { minLength: u.size }))),
        ([units, shuffled]) => {
          const single = shuffled.flatMap((unit) => ranges(unit, unit + 1));
          expect(toSet(single)).toStrictEqual(rangesOf(units));
        },
      ),
      RUNS,
    );
  });

  test('extending by what lies behind is the union', () => {
    fc.assert(
      fc.property(
        anyUnits,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 9 }),
        (units, gap, size) => {
          const set = rangesOf(units);
          const from = (set.at(-1)?.to ?? 0n) + BigInt(gap);
          const range = { from, to: from + BigInt(size) };
          expect(extend(set, range)).toStrictEqual(union(set, [range]));
        },
      ),
      RUNS,
    );
  });

  test('a range that is empty or lies within a set extends nothing', () => {
    expect(() => extend([], { from: 5n, to: 5n })).toThrow('at least one unit');
    expect(() => extend([{ from: 0n, to: 9n }], { from: 8n, to: 12n })).toThrow('lies behind');
  });

  test('intersection and difference', () => {
    fc.assert(
      fc.property(anyUnits, anyUnits, (a, b) => {
        expect(intersect(rangesOf(a), rangesOf(b))).toStrictEqual(
          rangesOf(new Set([...a].filter((u) => b.has(u)))),
        );
        expect(subtract(rangesOf(a), rangesOf(b))).toStrictEqual(
          rangesOf(new Set([...a].filter((u) => !b.has(u)))),
        );
      }),
      RUNS,
    );
  });

  test('intersection and difference keep the order of a backing', () => {
    fc.assert(
      fc.property(anyBacking, anyUnits, (backing, units) => {
        const held = unitsOf(backing);
        expect(unitsOf(intersect(backing, rangesOf(units)))).toStrictEqual(held.filter((u) => units.has(u)));
        expect(unitsOf(subtract(backing, rangesOf(units)))).toStrictEqual(held.filter((u) => !units.has(u)));
      }),
      RUNS,
    );
  });

  test('union of disjoint sets, in any pieces, and taking them away again', () => {
    fc.assert(
      fc.property(anyUnits, anyBacking, (all, added) => {
        const b = new Set(unitsOf(added));
        const a = new Set([...all].filter((unit) => !b.has(unit)));
        const both = union(rangesOf(a), added);
        expect(both).toStrictEqual(rangesOf(new Set([...a, ...b])));
        expect(without(both, added)).toStrictEqual(rangesOf(a));
      }),
      RUNS,
    );
  });
});

describe('toSet', () => {
  test('given touching ranges then they are one', () => {
    expect(toSet(ranges(5, 9, 0, 5))).toStrictEqual(ranges(0, 9));
  });

  test('given overlapping ranges then it throws', () => {
    expect(() => toSet(ranges(0, 5, 4, 9))).toThrow('ranges of one set are disjoint');
    expect(() => toSet(ranges(0, 5, 0, 5))).toThrow('ranges of one set are disjoint');
  });

  test('given an empty or turned range then it throws', () => {
    expect(() => toSet(ranges(3, 3))).toThrow('a range holds at least one unit');
    expect(() => toSet(ranges(0, 5, 5, 3))).toThrow('a range holds at least one unit');
  });

  test('given nothing then the set is empty', () => {
    expect(toSet([])).toStrictEqual(EMPTY);
  });
});

describe('union and without', () => {
  test('given units already in the set then union throws, wherever they lie', () => {
    const set = ranges(0, 5, 10, 15, 20, 25);
    for (const twice of [ranges(4, 6), ranges(8, 11), ranges(12, 13), ranges(9, 16), ranges(24, 30)])
      expect(() => union(set, twice)).toThrow('ranges of one set are disjoint');
  });

  test('given units that are not in the set then without throws, wherever they lie', () => {
    const set = ranges(0, 5, 10, 15, 20, 25);
    for (const foreign of [
      ranges(4, 6),
      ranges(8, 11),
      ranges(5, 10),
      ranges(9, 16),
      ranges(24, 30),
      ranges(40, 41),
    ])
      expect(() => without(set, foreign)).toThrow('only units of the set leave it');
  });

  test('given nothing to add or take then the set is as it was', () => {
    expect(union(ranges(0, 5, 9, 12), [])).toStrictEqual(ranges(0, 5, 9, 12));
    expect(without(ranges(0, 5, 9, 12), [])).toStrictEqual(ranges(0, 5, 9, 12));
  });

  test('given ten thousand fragments then one range is added or taken without visiting them all', () => {
    let visited = 0;
    const watched = (from: bigint): Range => ({
      get from() {
        visited += 1;
        return from;
      },
      get to() {
        visited += 1;
        return from + 1n;
      },
    });
    const fragments = Array.from({ length: 10_000 }, (_, i) => watched(BigInt(3 * i)));
    const middle = { from: 15_001n, to: 15_002n };
    expect(union(fragments, [middle]).length).toBe(10_000);
    expect(without(fragments, [{ from: 15_000n, to: 15_001n }]).length).toBe(9_999);
    expect(intersect([{ from: 15_000n, to: 15_004n }], fragments).length).toBe(2);
    expect(holdsAtLeast(fragments, 3n)).toBe(true);
    expect(visited).toBeLessThan(300);
  });
});

describe('taking units', () => {
  test('the first and the last of a backing, and the rest, at every size', () => {
    fc.assert(
      fc.property(anyBacking, (backing) => {
        const held = unitsOf(backing);
        expect(sizeOf(backing)).toBe(BigInt(held.length));
        for (let n = 0; n <= held.length; n += 1) {
          const first = takeFirst(backing, BigInt(n));
          expect(unitsOf(first.taken)).toStrictEqual(held.slice(0, n));
          expect(unitsOf(first.rest)).toStrictEqual(held.slice(n));
          const last = takeLast(backing, BigInt(n));
          expect(unitsOf(last.taken)).toStrictEqual(held.slice(held.length - n));
          expect(unitsOf(last.rest)).toStrictEqual(held.slice(0, held.length - n));
          // No range is ever empty.
          for (const range of [...first.taken, ...first.rest, ...last.taken, ...last.rest])
            expect(range.from < range.to).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test('given more than there is, or less than nothing, then it throws', () => {
    expect(() => takeFirst(ranges(0, 5), 6n)).toThrow('no more units are taken than there are');
    expect(() => takeFirst(ranges(0, 5), -1n)).toThrow('units taken are counted from 0');
    expect(() => takeLast(ranges(0, 5), 6n)).toThrow('units taken are counted from 0');
    expect(() => takeLast(ranges(0, 5), -1n)).toThrow('no more units are taken than there are');
  });

  test('holdsAtLeast says whether takeFirst would succeed', () => {
    expect(holdsAtLeast(ranges(0, 5, 9, 10), 6n)).toBe(true);
    expect(holdsAtLeast(ranges(0, 5, 9, 10), 7n)).toBe(false);
    expect(holdsAtLeast(EMPTY, 1n)).toBe(false);
  });
});

describe('joinInOrder', () => {
  test('given neighbours that continue each other then they are one; the order stays', () => {
    expect(joinInOrder(ranges(0, 5, 5, 9, 20, 30))).toStrictEqual(ranges(0, 9, 20, 30));
    expect(joinInOrder(ranges(20, 30, 0, 5, 5, 9))).toStrictEqual(ranges(20, 30, 0, 9));
    expect(joinInOrder(ranges(5, 9, 0, 5))).toStrictEqual(ranges(5, 9, 0, 5));
    expect(joinInOrder([])).toStrictEqual([]);
  });
});

describe('replaceUnits', () => {
  test('each unit replaced makes room for the next of the others, all else stays in its place', () => {
    fc.assert(
      fc.property(
        anyBacking.chain((backing) => fc.tuple(fc.constant(backing), fc.subarray(unitsOf(backing)))),
        ([backing, replaced]) => {
          // The others come in two pieces, the higher first, so that order is seen to be kept.
          const cut = Math.floor(replaced.length / 2);
          const others = [...replaced.keys()].map((i) => (i < cut ? 200 + i : 100 + i));
          const by = others.flatMap((unit) => ranges(unit, unit + 1));
          const expected = unitsOf(backing).map((u) =>
            replaced.includes(u) ? others[replaced.indexOf(u)] : u,
          );
          const after = replaceUnits(backing, rangesOf(new Set(replaced)), by);
          expect(unitsOf(after)).toStrictEqual(expected);
          expect(joinInOrder(after)).toStrictEqual(after);
        },
      ),
      RUNS,
    );
  });

  test('given more or fewer others, or units that the backing does not hold, then it throws', () => {
    const statement = 'each unit replaced gets one other';
    expect(() => replaceUnits(ranges(0, 5), ranges(0, 2), ranges(10, 13))).toThrow(statement);
    expect(() => replaceUnits(ranges(0, 5), ranges(0, 2), ranges(10, 11))).toThrow('no more units are taken');
    expect(() => replaceUnits(ranges(0, 5), ranges(5, 7), ranges(10, 12))).toThrow(statement);
    expect(() => replaceUnits(ranges(0, 5), ranges(3, 7), ranges(10, 12))).toThrow(statement);
  });
});

test('a span is a range, a range is not a span; sets and backings can not be changed', () => {
  expectTypeOf<Span>().toExtend<Range>();
  expectTypeOf<Range>().not.toExtend<Span>();
  expectTypeOf<RangeSet>().toEqualTypeOf<readonly Range[]>();
  expectTypeOf<Backing>().not.toHaveProperty('push');
});
