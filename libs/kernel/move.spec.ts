import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Exchange,
  type ExactRange,
  carry,
  commonPart,
  coverMove,
  cutMove,
  exactly,
  mapExchange,
  mapMove,
  partsOutside,
  pullBack,
  sourceOf,
  unitsAround,
  unitsWithin,
  wholeUnits,
} from './move.ts';
import { anyBacking, ranges, unitsOf } from '../../tests/support/ranges.ts';
import { type Range, sizeOf } from './span.ts';

const range = (from: number, to: number): Range => ({ from: BigInt(from), to: BigInt(to) });

describe('a move', () => {
  const pieces = mapMove(ranges(10, 15, 30, 33), range(100, 108));

  test('given drawn units in pieces then each piece has its minted units, in order', () => {
    expect(pieces).toStrictEqual([
      { source: range(10, 15), target: range(100, 105) },
      { source: range(30, 33), target: range(105, 108) },
    ]);
  });

  test('given more or fewer minted than drawn then it throws', () => {
    expect(() => mapMove(ranges(10, 15), range(100, 106))).toThrow('what leaves equals what arrives');
    expect(() => mapMove(ranges(10, 15), range(100, 104))).toThrow('what leaves equals what arrives');
  });

  test('given a part of the target then its source units are found, joined in order', () => {
    expect(sourceOf(pieces, ranges(103, 106))).toStrictEqual(ranges(13, 15, 30, 31));
    expect(sourceOf(mapMove(ranges(0, 4, 4, 9), range(100, 109)), ranges(102, 107))).toStrictEqual(
      ranges(2, 7),
    );
    expect(sourceOf(pieces, ranges(0, 100, 108, 200))).toStrictEqual([]);
  });

  test('given a part undone then the pieces are cut down to what is left', () => {
    expect(cutMove(pieces, ranges(100, 103, 106, 108))).toStrictEqual([
      { source: range(10, 13), target: range(100, 103) },
      { source: range(31, 33), target: range(106, 108) },
    ]);
  });

  test('given source units covered then the others stand behind the same targets', () => {
    const left = cutMove(pieces, ranges(100, 103, 106, 108));
    expect(coverMove(left, ranges(12, 13, 31, 32), ranges(40, 42))).toStrictEqual([
      { source: range(10, 12), target: range(100, 102) },
      { source: range(40, 41), target: range(102, 103) },
      { source: range(41, 42), target: range(106, 107) },
      { source: range(32, 33), target: range(107, 108) },
    ]);
  });
});

describe('an exchange', () => {
  test('fifty gifts of 20,000 that bought one bicycle each paid for 20,000 of it', () => {
    const bought: Exchange = { drawn: ranges(0, 1_000_000), minted: range(0, 1) };
    const [part] = pullBack(bought, exactly(range(0, 1)));
    const shares = Array.from({ length: 50 }, (_, i) =>
      part ? unitsWithin(part, range(i * 20_000, (i + 1) * 20_000)) : undefined,
    );
    expect(shares).toStrictEqual(Array.from({ length: 50 }, () => 20_000n));
  });

  test('given three bicycles for 1,000,000 then each stands for an exact third, floored at its borders', () => {
    const bought: Exchange = { drawn: ranges(0, 1_000_000), minted: range(7, 10) };
    const bicycle = (n: number) => pullBack(bought, exactly(range(n, n + 1)));
    expect(bicycle(8)).toStrictEqual([{ from: 1_000_000n, to: 2_000_000n, per: 3n }]);
    expect([7, 8, 9].map((n) => bicycle(n).map(wholeUnits))).toStrictEqual([
      ranges(0, 333_333),
      ranges(333_333, 666_666),
      ranges(666_666, 1_000_000),
    ]);
  });

  test('given two currencies then the ratio is kept in lowest terms', () => {
    // 40 euro cents in two pieces became 1,000 đ.
    const sold: Exchange = { drawn: ranges(10, 30, 50, 70), minted: range(2_000, 3_000) };
    expect(pullBack(sold, exactly(range(2_490, 2_510)))).toStrictEqual([
      { from: 740n, to: 750n, per: 25n },
      { from: 1_250n, to: 1_260n, per: 25n },
    ]);
  });

  test('given a move then whole units come back, and what lies outside is left out', () => {
    const moved: Exchange = { drawn: ranges(10, 15, 30, 33), minted: range(100, 108) };
    expect(pullBack(moved, exactly(range(90, 106)))).toStrictEqual([
      exactly(range(10, 15)),
      exactly(range(30, 31)),
    ]);
    expect(pullBack(moved, exactly(range(107, 200)))).toStrictEqual([exactly(range(32, 33))]);
    expect(pullBack(moved, exactly(range(108, 200)))).toStrictEqual([]);
  });

  test('given exchanges in a row then borders stay exact until the end, where they are floored', () => {
    // 3 units became 2, which became 3: the middle one of those is exactly the middle one of the first.
    const first: Exchange = { drawn: ranges(0, 3), minted: range(0, 2) };
    const second: Exchange = { drawn: ranges(0, 2), minted: range(0, 3) };
    const parts = pullBack(second, exactly(range(1, 2))).flatMap((part) => pullBack(first, part));
    expect(parts.map(wholeUnits)).toStrictEqual(ranges(1, 2));
  });

  test('given less than a whole unit then nothing falls to the part', () => {
    expect(wholeUnits({ from: 4n, to: 5n, per: 3n })).toBeUndefined();
    expect(unitsWithin({ from: 4n, to: 5n, per: 3n }, range(0, 10))).toBe(0n);
    expect(wholeUnits({ from: 5n, to: 6n, per: 3n })).toStrictEqual(range(1, 2));
    expect(unitsWithin({ from: 5n, to: 60n, per: 3n }, range(0, 10))).toBe(9n);
    expect(unitsWithin({ from: 5n, to: 60n, per: 3n }, range(30, 40))).toBe(0n);
  });

  test('over any exchanges in a row and any uses of what came out, every gift adds up exactly', () => {
    const size = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(
        anyBacking,
        fc.array(size, { minLength: 1, maxLength: 4 }),
        fc.array(size),
        (drawn, sizes, cuts) => {
          fc.pre(drawn.length > 0);
          // The units of one exchange are all drawn by the next.
          const chain = sizes.map((minted, i): Exchange => {
            const before = sizes[i - 1];
            return {
              drawn: before === undefined ? drawn : [range(i, i + before)],
              minted: range(i + 1, i + 1 + minted),
            };
          });
          const start = sizes.length;
          const last = sizes.at(-1) ?? 0;
          const borders = [...new Set([0, last, ...cuts.filter((cut) => cut < last)])].toSorted(
            (a, b) => a - b,
          );
          const uses = borders.slice(1).map((to, i) => range(start + (borders[i] ?? 0), start + to));
          const paid = uses.flatMap((use) =>
            chain.reduceRight(
              (parts, exchange) => parts.flatMap((part) => pullBack(exchange, part)),
              [exactly(use)],
            ),
          );
          // Gifts of a few units each, cut without regard to the pieces that were drawn.
          for (let from = 0; from < 40; from += 7) {
            const gift = range(from, from + 7);
            const given = unitsOf(drawn).filter((unit) => unit >= from && unit < from + 7).length;
            expect(paid.reduce((sum, part) => sum + unitsWithin(part, gift), 0n)).toBe(BigInt(given));
          }
          expect(sizeOf(paid.flatMap((part) => wholeUnits(part) ?? []))).toBe(sizeOf(drawn));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('an exchange followed forwards', () => {
  const thirds = { from: 1n, to: 2n, per: 3n };

  test('given drawn stretches then each has its exact share of what was minted, in order', () => {
    expect(mapExchange(ranges(10, 15, 30, 32), range(4, 7))).toStrictEqual([
      { source: range(10, 15), target: { from: 28n, to: 43n, per: 7n } },
      { source: range(30, 32), target: { from: 43n, to: 49n, per: 7n } },
    ]);
  });

  test('given a part of what is drawn then it stands behind what was drawn before', () => {
    const whole = mapExchange(ranges(10, 15, 30, 32), range(4, 7));
    expect(mapExchange(ranges(30, 32), range(4, 7), { before: 5n, total: 7n })).toStrictEqual(whole.slice(1));
    expect(() => mapExchange(ranges(30, 32), range(4, 7), { before: 6n, total: 7n })).toThrow(
      'an exchange draws no more than its total',
    );
  });

  test('given parts of a pool then what they share, and what lies outside, is exact', () => {
    expect(commonPart(thirds, exactly(range(0, 1)))).toStrictEqual(thirds);
    expect(commonPart(thirds, { from: 1n, to: 3n, per: 2n })).toStrictEqual({ from: 3n, to: 4n, per: 6n });
    expect(commonPart(thirds, { from: 2n, to: 3n, per: 3n })).toBe(undefined);
    expect(partsOutside(exactly(range(0, 1)), thirds)).toStrictEqual([
      { from: 0n, to: 1n, per: 3n },
      { from: 2n, to: 3n, per: 3n },
    ]);
    expect(partsOutside(thirds, exactly(range(0, 1)))).toStrictEqual([]);
    expect([thirds, { from: 2n, to: 7n, per: 3n }, exactly(range(3, 5))].map(unitsAround)).toStrictEqual([
      range(0, 1),
      range(0, 3),
      range(3, 5),
    ]);
  });

  test('then what is pulled back from where a part was carried to is that part again', () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, size, size, (drawn, minted, from, length) => {
        fc.pre(from + length <= drawn);
        const exchange = { drawn: [range(0, drawn)], minted: range(100, 100 + minted) };
        const part: ExactRange = exactly(range(from, from + length));
        const target = carry(part, exactly(range(0, drawn)), exactly(exchange.minted));
        const [back] = pullBack(exchange, target);
        expect(back && [back.from * part.per, back.to * part.per]).toStrictEqual([
          part.from * (back?.per ?? 0n),
          part.to * (back?.per ?? 0n),
        ]);
      }),
    );
  });
});
