import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  EMPTY_POOL,
  type Pool,
  available,
  draw,
  mint,
  mintMoved,
  remove,
  restore,
  shortOf,
  strike,
  uncovered,
} from './pool.ts';
import { ranges } from '../../tests/support/ranges.ts';

const poolOf = (minted: number, free: number[], more: Partial<Pool> = {}): Pool => ({
  ...EMPTY_POOL,
  minted: BigInt(minted),
  free: ranges(...free),
  ...more,
});

describe('mint', () => {
  test('given an empty pool then the first units are free', () => {
    expect(mint(EMPTY_POOL, 95_076_000n)).toStrictEqual({
      pool: poolOf(95_076_000, [0, 95_076_000]),
      minted: { from: 0n, to: 95_076_000n },
    });
  });

  test('given units in use at the end then the next ones follow them', () => {
    expect(mint(poolOf(10, [2, 5]), 4n)).toStrictEqual({
      pool: poolOf(14, [2, 5, 10, 14]),
      minted: { from: 10n, to: 14n },
    });
  });

  test('given nothing to mint then it throws', () => {
    expect(() => mint(EMPTY_POOL, 0n)).toThrow('a mint has at least one unit');
    expect(() => mint(EMPTY_POOL, -1n)).toThrow('a mint has at least one unit');
  });

  test('given units that a move brings then they are free and known as moved in', () => {
    const first = mintMoved(poolOf(10, [8, 10]), 5n);
    expect(first).toStrictEqual({
      pool: poolOf(15, [8, 15], { movedIn: ranges(10, 15) }),
      minted: { from: 10n, to: 15n },
    });
    expect(mintMoved(first.pool, 1n).pool.movedIn).toStrictEqual(ranges(10, 16));
  });
});

describe('draw', () => {
  test('given two donors then the earlier units go first', () => {
    const pool = poolOf(251_473_000, [50_000_000, 251_473_000]);
    expect(draw(pool, 80_000_000n)).toStrictEqual({
      pool: poolOf(251_473_000, [130_000_000, 251_473_000]),
      drawn: ranges(50_000_000, 130_000_000),
    });
  });

  test('given free units in pieces then the lowest are drawn in order', () => {
    expect(draw(poolOf(30, [0, 3, 10, 12, 20, 30]), 6n)).toStrictEqual({
      pool: poolOf(30, [21, 30]),
      drawn: ranges(0, 3, 10, 12, 20, 21),
    });
  });

  test('given exactly what is free then nothing is left; given one more then nothing is drawn', () => {
    expect(draw(poolOf(30, [0, 3, 10, 12]), 5n)).toStrictEqual({
      pool: poolOf(30, []),
      drawn: ranges(0, 3, 10, 12),
    });
    expect(draw(poolOf(30, [0, 3, 10, 12]), 6n)).toBeUndefined();
  });

  test('given nothing to draw then it throws', () => {
    expect(() => draw(poolOf(5, [0, 5]), 0n)).toThrow('a draw has at least one unit');
  });

  test('given a shortfall then what it will take can not be drawn', () => {
    const pool = poolOf(30, [20, 30], { shortfalls: [{ id: 'pc-1', units: ranges(0, 4) }] });
    expect(shortOf(pool)).toBe(4n);
    expect(available(pool)).toBe(6n);
    expect(draw(pool, 7n)).toBeUndefined();
    expect(draw(pool, 6n)?.drawn).toStrictEqual(ranges(20, 26));
  });
});

describe('available', () => {
  test('is the size of the free units', () => {
    expect(available(poolOf(30, [0, 3, 10, 12]))).toBe(5n);
    expect(available(EMPTY_POOL)).toBe(0n);
  });

  test('given a shortfall above what is free then it is zero, never below', () => {
    const shortfalls = [
      { id: 'pc-1', units: ranges(0, 4) },
      { id: 'pc-2', units: ranges(6, 8, 9, 10) },
    ];
    expect(shortOf(poolOf(30, [], { shortfalls }))).toBe(7n);
    expect(available(poolOf(30, [20, 25], { shortfalls }))).toBe(0n);
  });
});

describe('remove', () => {
  test('given free units then exactly they leave', () => {
    expect(remove(poolOf(30, [0, 10]), ranges(7, 9, 2, 3))).toStrictEqual(poolOf(30, [0, 2, 3, 7, 9, 10]));
  });

  test('given units that are not free then it throws', () => {
    expect(() => remove(poolOf(30, [0, 10]), ranges(9, 11))).toThrow('only units of the set leave it');
  });
});

describe('restore', () => {
  test('given units that were drawn then they are free again', () => {
    expect(restore(poolOf(30, [3, 5]), ranges(5, 9, 0, 3))).toStrictEqual(poolOf(30, [0, 9]));
    expect(restore(poolOf(30, []), ranges(29, 30))).toStrictEqual(poolOf(30, [29, 30]));
  });

  test('given units never minted, or free already, then it throws', () => {
    expect(() => restore(poolOf(30, []), ranges(3, 5, 29, 31))).toThrow('only minted units come back');
    expect(() => restore(poolOf(30, [3, 5]), ranges(4, 6))).toThrow('ranges of one set are disjoint');
  });

  test('given units of a shortfall among them then those are voided and the shortfall shrinks', () => {
    const shortfalls = [
      { id: 'pc-1', units: ranges(6, 8, 0, 4) },
      { id: 'pc-2', units: ranges(10, 12) },
    ];
    const back = ranges(12, 14, 2, 4, 10, 12);
    expect(uncovered(poolOf(30, [], { shortfalls }), back)).toStrictEqual(ranges(2, 4, 10, 12));
    expect(restore(poolOf(30, [], { shortfalls }), back)).toStrictEqual(
      poolOf(30, [12, 14], { shortfalls: [{ id: 'pc-1', units: ranges(6, 8, 0, 2) }] }),
    );
  });
});

test('strike keeps the order of what is left and drops entries without units', () => {
  const shortfalls = [
    { id: 'b', units: ranges(6, 8, 0, 4) },
    { id: 'a', units: ranges(10, 12) },
  ];
  expect(strike(shortfalls, ranges(1, 2, 10, 12))).toStrictEqual([
    { id: 'b', units: ranges(6, 8, 0, 1, 2, 4) },
  ]);
  expect(strike(shortfalls, [])).toStrictEqual(shortfalls);
});

test('a pool can not be changed in place', () => {
  expectTypeOf<Pool>().toEqualTypeOf<Readonly<Pool>>();
});
