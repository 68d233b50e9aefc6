import { describe, expect, expectTypeOf, test } from 'vitest';
import { EMPTY_POOL, type Pool, draw, mint, mintMoved } from './pool.ts';
import { ranges } from '../../tests/support/ranges.ts';
import {
  type Cover,
  type CoveredUse,
  applyCovers,
  applyReversal,
  fillShortfalls,
  reverse,
} from './reversal.ts';

const poolOf = (minted: number, free: number[], more: Partial<Pool> = {}): Pool => ({
  ...EMPTY_POOL,
  minted: BigInt(minted),
  free: ranges(...free),
  ...more,
});

describe('reverse', () => {
  test('given all units free then they are voided', () => {
    expect(reverse(poolOf(30, [0, 30]), ranges(10, 20), [])).toStrictEqual({
      pool: poolOf(30, [0, 10, 20, 30]),
      voided: ranges(10, 20),
      covered: [],
      shortfalls: [],
    });
  });

  test('given used units and enough others then the uses are covered in the same places', () => {
    const uses = [
      { id: 'pc-1', backing: ranges(0, 12) },
      { id: 'pc-2', backing: ranges(12, 15) },
      { id: 'pc-3', backing: ranges(15, 22) },
    ];
    expect(reverse(poolOf(40, [22, 40]), ranges(10, 20), uses)).toStrictEqual({
      pool: poolOf(40, [32, 40]),
      voided: ranges(10, 20),
      covered: [
        {
          id: 'pc-1',
          replaced: ranges(10, 12),
          by: ranges(22, 24),
          before: ranges(0, 12),
          after: ranges(0, 10, 22, 24),
        },
        {
          id: 'pc-2',
          replaced: ranges(12, 15),
          by: ranges(24, 27),
          before: ranges(12, 15),
          after: ranges(24, 27),
        },
        {
          id: 'pc-3',
          replaced: ranges(15, 20),
          by: ranges(27, 32),
          before: ranges(15, 22),
          after: ranges(27, 32, 20, 22),
        },
      ],
      shortfalls: [],
    });
  });

  test('given a part of it free then that part is voided and does not cover', () => {
    const uses = [{ id: 'pc-1', backing: ranges(0, 6) }];
    expect(reverse(poolOf(20, [6, 20]), ranges(0, 10), uses)).toStrictEqual({
      pool: poolOf(20, [16, 20]),
      voided: ranges(0, 10),
      covered: [
        {
          id: 'pc-1',
          replaced: ranges(0, 6),
          by: ranges(10, 16),
          before: ranges(0, 6),
          after: ranges(10, 16),
        },
      ],
      shortfalls: [],
    });
  });

  test('given too little to cover then the earliest uses are covered and the rest is listed', () => {
    const uses = [
      { id: 'pc-1', backing: ranges(0, 4) },
      { id: 'pc-2', backing: ranges(4, 10) },
      { id: 'pc-3', backing: ranges(10, 14) },
    ];
    const done = reverse(poolOf(21, [14, 21], { movedIn: ranges(20, 21) }), ranges(2, 13), uses);
    expect(done).toStrictEqual({
      pool: poolOf(21, [20, 21], {
        movedIn: ranges(20, 21),
        shortfalls: [
          { id: 'pc-2', units: ranges(8, 10) },
          { id: 'pc-3', units: ranges(10, 13) },
        ],
      }),
      voided: ranges(2, 8),
      covered: [
        {
          id: 'pc-1',
          replaced: ranges(2, 4),
          by: ranges(14, 16),
          before: ranges(0, 4),
          after: ranges(0, 2, 14, 16),
        },
        {
          id: 'pc-2',
          replaced: ranges(4, 8),
          by: ranges(16, 20),
          before: ranges(4, 10),
          after: ranges(16, 20, 8, 10),
        },
      ],
      shortfalls: [
        { id: 'pc-2', units: ranges(8, 10) },
        { id: 'pc-3', units: ranges(10, 13) },
      ],
    });
  });

  test('given a second reversal while nothing is free then its shortfall is listed behind the first', () => {
    const uses = [{ id: 'pc-1', backing: ranges(0, 10) }];
    const first = reverse(poolOf(10, []), ranges(5, 8), uses);
    const second = reverse(first.pool, ranges(0, 2), uses);
    expect(second.shortfalls).toStrictEqual([{ id: 'pc-1', units: ranges(0, 2) }]);
    expect(second.pool.shortfalls).toStrictEqual([
      { id: 'pc-1', units: ranges(5, 8) },
      { id: 'pc-1', units: ranges(0, 2) },
    ]);
  });

  test('given units moved away and back then they do not stand behind the move they came by', () => {
    // 10 given, all moved to another pool, 10 moved back: the only free units stand for the given ones.
    const given = mint(EMPTY_POOL, 10n).pool;
    const away = draw(given, 10n);
    const back = mintMoved(away?.pool ?? EMPTY_POOL, 10n).pool;
    const done = reverse(back, ranges(0, 10), [{ id: 'move-1', backing: away?.drawn ?? [] }]);
    expect(done.covered).toStrictEqual([]);
    expect(done.shortfalls).toStrictEqual([{ id: 'move-1', units: ranges(0, 10) }]);
    expect(draw(done.pool, 1n)).toBeUndefined();
  });

  test('given a unit that is neither free nor held by a use given, or held twice, then it throws', () => {
    const statement = 'each unit reversed is either free or held by one use';
    expect(() => reverse(poolOf(10, [5, 10]), ranges(4, 6), [])).toThrow(statement);
    const twice = [
      { id: 'a', backing: ranges(0, 5) },
      { id: 'b', backing: ranges(0, 5) },
    ];
    expect(() => reverse(poolOf(10, [5, 10]), ranges(4, 6), twice)).toThrow(statement);
  });

  test('given older shortfalls that were not filled though units are free then it throws', () => {
    const unfilled = poolOf(20, [10, 20], { shortfalls: [{ id: 'a', units: ranges(0, 2) }] });
    const uses = [{ id: 'a', backing: ranges(0, 10) }];
    expect(() => reverse(unfilled, ranges(4, 6), uses)).toThrow('older shortfalls are filled first');
  });
});

describe('fillShortfalls', () => {
  const short = poolOf(10, [], {
    shortfalls: [
      { id: 'pc-1', units: ranges(7, 9, 0, 2) },
      { id: 'pc-2', units: ranges(4, 6) },
    ],
  });

  test('given fewer new units than are short then the oldest shortfall is filled first, in its order', () => {
    expect(fillShortfalls(mint(short, 3n).pool)).toStrictEqual({
      pool: poolOf(13, [], {
        shortfalls: [
          { id: 'pc-1', units: ranges(1, 2) },
          { id: 'pc-2', units: ranges(4, 6) },
        ],
      }),
      covers: [{ id: 'pc-1', replaced: ranges(7, 9, 0, 1), by: ranges(10, 13) }],
    });
  });

  test('given more new units than are short then the rest is free', () => {
    expect(fillShortfalls(mint(short, 8n).pool)).toStrictEqual({
      pool: poolOf(18, [16, 18]),
      covers: [
        { id: 'pc-1', replaced: ranges(7, 9, 0, 2), by: ranges(10, 14) },
        { id: 'pc-2', replaced: ranges(4, 6), by: ranges(14, 16) },
      ],
    });
  });

  test('given units that a move brings then they fill nothing', () => {
    const { pool } = mintMoved(short, 8n);
    expect(fillShortfalls(pool)).toStrictEqual({ pool, covers: [] });
  });

  test('given no shortfall then the pool itself comes back', () => {
    const pool = poolOf(10, [0, 10]);
    expect(fillShortfalls(pool).pool).toBe(pool);
    expect(fillShortfalls(pool).covers).toStrictEqual([]);
  });
});

describe('what an event names leads to the same pool', () => {
  test('a reversal and a filling read back', () => {
    const before = poolOf(20, [14, 18]);
    const { pool, ...event } = reverse(before, ranges(2, 16), [{ id: 'pc-1', backing: ranges(0, 14) }]);
    expect(applyReversal(before, event)).toStrictEqual(pool);
    const minted = mint(pool, 3n).pool;
    const filled = fillShortfalls(minted);
    expect(applyCovers(minted, filled.covers)).toStrictEqual(filled.pool);
  });

  test('a cover by units that are not free throws', () => {
    const covers = [{ id: 'pc-1', replaced: ranges(0, 2), by: ranges(3, 5) }];
    expect(() => applyCovers(poolOf(10, [4, 10]), covers)).toThrow('only units of the set leave it');
  });
});

test('a covered use is a cover', () => {
  expectTypeOf<CoveredUse>().toExtend<Cover>();
});
