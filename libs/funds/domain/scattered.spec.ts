import { type Fact, type Result, ok, refuse, sizeOf } from '#kernel';
import { describe, expect, test } from 'vitest';
import {
  type Step,
  type World,
  allocate,
  approve,
  cancel,
  closeBook,
  deliver,
  emptyWorld,
  giveBack,
  given,
  id,
  openBook,
  pay,
  propose,
  receive,
  reduce,
  take,
  when,
} from '../../../tests/support/funds.ts';
import { fromWire } from './book.ts';
import { inParts } from './draw-pools.ts';
import {
  type AllocationApproved,
  type BookClosed,
  type PoolUnits,
  type WireRange,
  bookStream,
} from './events.ts';
import { movementsOf } from './movements.ts';

const POOL = 'qbt-06/VND/general';

/** Runs the steps of a list that grows long; each must be accepted. */
const then = (world: World, steps: readonly Step[]): World =>
  steps.reduce((now, step) => {
    const { world: after, decided } = take(now, step);
    expect(decided).toMatchObject({ ok: true });
    return after;
  }, world);

/**
 * A book whose general pool has `holes` free spans of 1 đ: command 4 pays out every other đồng of the gift.
 * Its events are written by hand, since a decider would draw the lowest units.
 */
function scattered(holes: number): World {
  const world = given(openBook(), receive(String(2 * holes)), propose(String(holes)));
  const every = Array.from({ length: holes }, (_, n): WireRange => [String(2 * n), String(2 * n + 1)]);
  const drawn: Step = {
    actor: 'chi',
    decide: ({ book }) =>
      ok([
        {
          stream: bookStream('qbt-06', 2026),
          type: 'book.disbursement-approved.v1',
          effectiveOn: '2026-03-01',
          data: { ...book.open.get(id(3))?.proposal, drawn: [{ pool: POOL, units: every }] },
        },
      ]),
  };
  return then(world, [drawn]);
}

const factsOf = <Data>(decided: Result<Fact[]>): Data[] => {
  expect(decided).toMatchObject({ ok: true });
  return decided.ok ? decided.value.map(({ data }) => data as Data) : [];
};

const spansIn = (data: unknown): number => {
  if (!Array.isArray(data)) return typeof data === 'object' && data ? spansIn(Object.values(data)) : 0;
  const isSpan = data.length === 2 && data.every((n) => typeof n === 'string' && /^\d+$/.test(n));
  return isSpan ? 1 : data.reduce<number>((n, inner) => n + spansIn(inner), 0);
};

/** Spans of each event, and each event's place among its parts. */
const shapes = (facts: readonly unknown[]): unknown[] =>
  facts.map((data) => {
    const { part, parts, lines } = data as { part: number; parts: number; lines?: unknown[] };
    return { spans: spansIn(data), part, parts, ...(lines && { lines: lines.length }) };
  });

describe('a use of 300 separate units', () => {
  const world = scattered(300);
  const use = id(new Set(world.log.map((e) => e.commandId)).size + 1);
  const proposed = then(world, [propose('300')]);
  const approved = then(proposed, [approve(use)]);
  const paid = then(approved, [pay(use)]);
  const inTwo = [
    { spans: 256, part: 1, parts: 2, lines: 1 },
    { spans: 44, part: 2, parts: 2, lines: 0 },
  ];

  test('is approved, cancelled, paid and returned in events of at most 256, the lines in the first', () => {
    expect(shapes(factsOf(when(proposed, approve(use))))).toStrictEqual(inTwo);
    expect(shapes(factsOf(when(approved, cancel(use))))).toStrictEqual(inTwo);
    expect(shapes(factsOf(when(approved, pay(use))))).toStrictEqual(inTwo);
    expect(shapes(factsOf(when(paid, giveBack(use, [{ line: 0, amount: '300' }]))))).toStrictEqual(inTwo);
  });

  test('is one voucher, and counted once', () => {
    const { decided, world: after } = take(approved, pay(use));
    expect(factsOf(decided)).toMatchObject([{ voucher: 'PC-000001' }, { voucher: 'PC-000001' }]);
    expect(after.book.vouchers).toStrictEqual({ receipt: 1, payment: 1, adjustment: 0 });
    const counted = after.log.slice(-2).flatMap(movementsOf);
    expect(counted.map(({ measure, amount }) => [measure, amount])).toStrictEqual([
      ['committed', -300n],
      ['paid', 300n],
    ]);
  });

  test('gives the last units back at each return, though its pool stands in both parts', () => {
    const back = (n: string): Step => giveBack(use, [{ line: 0, amount: n }]);
    const once = then(paid, [back('60')]);
    const held = (w: World): bigint[] => (w.book.open.get(use)?.held ?? []).map(({ units }) => sizeOf(units));
    expect(held(paid)).toStrictEqual([256n, 44n]);
    expect(held(once)).toStrictEqual([240n, 0n]);
    const twice = then(once, [back('200')]);
    expect(held(twice)).toStrictEqual([40n, 0n]);
    const free = sizeOf(twice.book.pools.get(POOL)?.free ?? []);
    expect(free).toBe(260n);
    expect(factsOf(when(then(twice, [deliver(use)]), back('40')))).toMatchObject([
      { afterDelivery: true, part: 1, parts: 1 },
    ]);
  });

  test('is finished when all of it came back, after delivery or before', () => {
    const all = giveBack(use, [{ line: 0, amount: '300' }]);
    const before = then(paid, [all]);
    expect(before.book.open.has(use)).toBe(false);
    expect(before.book.returns.get(use)).toBe(2);
    const after = then(paid, [deliver(use), all]);
    expect(after.book.pools).toStrictEqual(before.book.pools);
    expect(when(after, giveBack(use, [{ line: 0, amount: '1' }]))).toMatchObject({
      error: { code: 'RETURN_TOO_LARGE' },
    });
  });
});

describe('an allocation of 300 separate units', () => {
  const world = scattered(300);
  const made = id(new Set(world.log.map((e) => e.commandId)).size + 1);
  const step = allocate('300', { narrative: 'ab' });
  const target = `${POOL}/programme=ao-am`;
  const allocated = then(world, [step]);

  test('goes over events of at most 256 spans, drawn and minted together, and mints one run of units', () => {
    const facts = factsOf<AllocationApproved>(when(world, step));
    expect(shapes(facts)).toStrictEqual([
      { spans: 129, part: 1, parts: 3 },
      { spans: 129, part: 2, parts: 3 },
      { spans: 45, part: 3, parts: 3 },
    ]);
    expect(facts.flatMap(({ moves }) => moves.map(({ to }) => to.minted))).toStrictEqual([
      ['0', '128'],
      ['128', '256'],
      ['256', '300'],
    ]);
    expect(allocated.book.pools.get(target)).toStrictEqual({
      minted: 300n,
      free: [{ from: 0n, to: 300n }],
      movedIn: [{ from: 0n, to: 300n }],
      shortfalls: [],
    });
  });

  test('is not undone while the log shows only some of its events', () => {
    const seen = reduce(made, '1', {}, (history) => history.slice(0, 2));
    expect(when(allocated, seen)).toStrictEqual(refuse('HISTORY_BEHIND', { item: made }));
  });

  test('is undone from its end, each unit going back where it came from', () => {
    const facts = factsOf(when(allocated, reduce(made, '300')));
    expect(shapes(facts)).toStrictEqual([
      // Two runs of target units, for 44 and 84 single source units.
      { spans: 130, part: 1, parts: 3 },
      { spans: 130, part: 2, parts: 3 },
      { spans: 45, part: 3, parts: 3 },
    ]);
    const undone = then(allocated, [reduce(made, '10'), reduce(made, '290')]);
    expect(undone.book.pools.get(POOL)).toStrictEqual(world.book.pools.get(POOL));
    expect(undone.book.pools.get(target)).toStrictEqual({
      minted: 300n,
      free: [],
      movedIn: [{ from: 0n, to: 300n }],
      shortfalls: [],
    });
  });
});

describe('closing a book', () => {
  const withPools = (count: number): World =>
    given(
      openBook(),
      ...Array.from({ length: count }, (_, n) => receive('7', { restriction: { group: `g${n}` } })),
    );

  test.each([
    [0, [0]],
    [1, [1]],
    [100, [100]],
    [101, [100, 1]],
  ])('of %i pools lists %j in its events', (pools, listed) => {
    const facts = factsOf<BookClosed>(when(withPools(pools), closeBook()));
    expect(facts.map((fact) => [fact.pools.length, fact.part, fact.parts])).toStrictEqual(
      listed.map((n, index) => [n, index + 1, listed.length]),
    );
  });

  test('says of each pool what was minted and what is left', () => {
    const world = then(withPools(1), [
      propose('3', { group: 'g0' }),
      approve(id(3)),
      pay(id(3)),
      deliver(id(3)),
    ]);
    expect(when(world, closeBook())).toStrictEqual(
      ok([
        {
          stream: 'book-qbt-06-2026',
          type: 'book.closed.v1',
          effectiveOn: '2026-03-01',
          data: { pools: [{ pool: 'qbt-06/VND/group=g0', minted: '7', free: '4' }], part: 1, parts: 1 },
        },
      ]),
    );
    expect(then(world, [closeBook()]).book.status).toBe('closed');
    expect(emptyWorld().book.status).toBe('unopened');
  });
});

describe('units cut into parts', () => {
  const held = (
    pool: string,
    ...from: number[]
  ): { pool: string; units: { from: bigint; to: bigint }[] } => ({
    pool,
    units: from.map((n) => ({ from: BigInt(n), to: BigInt(n + 1) })),
  });
  const text = (parts: PoolUnits[][]): string[] =>
    parts.map((part) =>
      part.map(({ pool, units }) => `${pool}:${units.map(([n]) => n).join(',')}`).join(' '),
    );

  test.each([
    [[], ['']],
    [[held('a')], ['']],
    [[held('a', 1)], ['a:1']],
    [[held('a', 1, 3, 5)], ['a:1,3,5']],
    [[held('a', 1, 3), held('b', 9)], ['a:1,3 b:9']],
    [
      [held('a', 1, 3), held('b', 7, 9)],
      ['a:1,3 b:7', 'b:9'],
    ],
    [
      [held('a', 1, 3, 5, 7, 9, 11, 13), held('b', 1)],
      ['a:1,3,5', 'a:7,9,11', 'a:13 b:1'],
    ],
    [
      [held('a', 1), held('b'), held('c', 2, 4, 6)],
      ['a:1 c:2,4', 'c:6'],
    ],
  ])('of at most three spans (%#)', (units, expected) => {
    expect(text(inParts(units, 3))).toStrictEqual(expected);
  });

  test('keep every unit in its order', () => {
    const units = Array.from({ length: 600 }, (_, n) => n * 2);
    const parts = inParts([held('a', ...units)]);
    expect(parts.map((part) => part[0]?.units.length)).toStrictEqual([256, 256, 88]);
    expect(parts.flat().flatMap((part) => part.units.map((u) => Number(fromWire(u).from)))).toStrictEqual(
      units,
    );
  });
});
