import type { Fact, Result } from '#kernel';
import { describe, expect, test } from 'vitest';
import {
  type Step,
  type World,
  allocate,
  approve,
  cancel,
  deliver,
  emptyWorld,
  giveBack,
  given,
  id,
  line,
  listGood,
  openAccount,
  openBook,
  pay,
  propose,
  receive,
  recorded,
  reduce,
  reject,
  when,
} from '../../../tests/support/funds.ts';
import { type BookState, bookKind, evolveBook, freePools } from './book.ts';
import { type BookEvents, bookStream } from './events.ts';

const POOL = 'qbt-06/VND/general';
const ITEM = id(3);

const dataOf = (decided: Result<Fact[]>): unknown[] =>
  decided.ok ? decided.value.map(({ data }) => data) : [decided.error];

describe('a receipt', () => {
  test('mints the next units of the pool of its restriction and takes the next voucher', () => {
    const world = given(openBook(), receive('1000'), receive('5', { restriction: { group: 'g' } }));
    expect(dataOf(when(world, receive('300')))).toMatchObject([
      { receipt: id(4), voucher: 'PT-000003', pool: POOL, minted: ['1000', '1300'], amount: '300' },
    ]);
  });

  test('of money or goods goes where its kind is kept, or to an account that the source does not name', () => {
    const world = given(openBook(), openAccount());
    const steps = [
      receive('1', { account: 'kho-bac' }),
      receive('1', { account: 'khong-neu' }),
      receive('1', { account: 'kho', commodity: 'xe-dap' }),
      receive('1', { account: 'khong-neu', commodity: 'xe-dap' }),
    ];
    expect(steps.map((step) => when(world, step).ok)).toStrictEqual([true, true, true, true]);
  });

  test('on the last day it may be used, or today, is taken', () => {
    const world = given(openBook());
    expect(when(world, receive('1', { restriction: { until: '2026-03-01' } })).ok).toBe(true);
    expect(when(world, receive('1', { effectiveOn: '2026-06-30' })).ok).toBe(true);
  });

  test.each([
    ['province', {}, null],
    ['district', {}, 'bk'],
    ['commune', {}, 'bk'],
    ['district', { restriction: { place: 'bk.ns' } }, 'bk.ns'],
    ['province', { restriction: { place: 'bk.ns' } }, 'bk.ns'],
    ['district', { place: 'bk.pn', restriction: { place: 'bk' } }, 'bk.pn'],
  ] as const)('of a %s fund with %j counts for the place %s', (level, change, place) => {
    expect(dataOf(when(given(openBook({ level })), receive('1', change)))).toMatchObject([{ place }]);
  });
});

describe('an allocation', () => {
  test('takes undesignated pools that admit it, in the offering order, and keeps their restrictions', () => {
    const world = given(
      openBook(),
      receive('100'),
      receive('20', { restriction: { place: 'bk' } }),
      receive('30', { restriction: { place: 'bk', until: '2026-12-31' } }),
      receive('40', { restriction: { place: 'bk', until: '2026-02-28' }, effectiveOn: '2026-02-01' }),
      receive('50', { restriction: { place: 'cb' } }),
      receive('60', { restriction: { purpose: 'q' } }),
      allocate('10', { designation: { place: 'bk.pn' } }),
    );
    expect(dataOf(when(world, allocate('60', { designation: { place: 'bk.ns' } })))).toMatchObject([
      {
        allocation: id(9),
        moves: [
          {
            from: { pool: 'qbt-06/VND/place=bk;until=2026-12-31', units: [['10', '30']] },
            to: { pool: 'qbt-06/VND/place=bk;until=2026-12-31/place=bk.ns', minted: ['0', '20'] },
          },
          {
            from: { pool: 'qbt-06/VND/place=bk', units: [['0', '20']] },
            to: { pool: 'qbt-06/VND/place=bk/place=bk.ns', minted: ['0', '20'] },
          },
          {
            from: { pool: POOL, units: [['0', '20']] },
            to: { pool: `${POOL}/place=bk.ns`, minted: ['0', '20'] },
          },
        ],
      },
    ]);
  });

  test('from two pools into one mints there one after the other', () => {
    const world = given(openBook(), receive('100'), allocate('10', { designation: { group: 'g' } }));
    const pools = [POOL, `${POOL}/group=g`].map((pool) => ({ pool, amount: '5' }));
    expect(dataOf(when(world, allocate('10', { pools, designation: { group: 'h' } })))).toMatchObject([
      {
        moves: [
          { from: { units: [['10', '15']] }, to: { pool: `${POOL}/group=h`, minted: ['0', '5'] } },
          { from: { units: [['0', '5']] }, to: { pool: `${POOL}/group=h`, minted: ['5', '10'] } },
        ],
      },
    ]);
  });

  test('is undone from the units moved last, one pool after the other, as far as they are free', () => {
    const world = given(
      openBook(),
      receive('100'),
      receive('20', { restriction: { place: 'bk' } }),
      allocate('50', { designation: { place: 'bk.ns' } }),
      propose('5', {
        lines: [line('5', { place: 'bk.ns' })],
        pools: [{ pool: `${POOL}/place=bk.ns`, amount: '5' }],
      }),
      approve(id(5)),
      reduce(id(4), '5'),
    );
    expect(dataOf(when(world, reduce(id(4), '30')))).toMatchObject([
      {
        amount: '30',
        undone: [
          {
            voided: { pool: `${POOL}/place=bk.ns`, units: [['5', '25']] },
            restored: { pool: POOL, units: [['5', '25']] },
          },
          {
            voided: { pool: 'qbt-06/VND/place=bk/place=bk.ns', units: [['10', '20']] },
            restored: { pool: 'qbt-06/VND/place=bk', units: [['10', '20']] },
          },
        ],
      },
    ]);
  });

  test('of another fund is not undone in this one', () => {
    const world = given(openBook(), receive('100'), allocate('50'));
    const elsewhere: World = {
      ...world,
      log: world.log.map((event) => ({ ...event, stream: bookStream('qbt-19', 2026) })),
    };
    expect(dataOf(when(elsewhere, reduce(ITEM, '1')))).toMatchObject([{ code: 'ALLOCATION_UNKNOWN' }]);
  });
});

describe('a disbursement', () => {
  const proposed = given(openBook(), receive('1000'), propose('400'));

  test('holds nothing while proposed, its units when approved, and none when it is over', () => {
    const holds = (...steps: Step[]): unknown => {
      const { book } = given(openBook(), receive('1000'), propose('400'), ...steps);
      const open = book.open.get(ITEM);
      return [open?.status, open?.held, freePools(book, 'VND')[0]?.free];
    };
    const held = [{ pool: POOL, units: [{ from: 0n, to: 400n }] }];
    expect(holds()).toStrictEqual(['proposed', [], 1000n]);
    expect(holds(approve(ITEM))).toStrictEqual(['approved', held, 600n]);
    expect(holds(approve(ITEM), pay(ITEM))).toStrictEqual(['paid', held, 600n]);
    expect(holds(approve(ITEM), pay(ITEM), deliver(ITEM))).toStrictEqual([undefined, undefined, 600n]);
    expect(holds(approve(ITEM), cancel(ITEM))).toStrictEqual([undefined, undefined, 1000n]);
    expect(holds(reject(ITEM))).toStrictEqual([undefined, undefined, 1000n]);
  });

  test('that was only proposed is cancelled without units', () => {
    expect(dataOf(when(proposed, cancel(ITEM)))).toMatchObject([
      { reason: 'ly-do', restored: [], part: 1, parts: 1, lines: [{ amount: '400' }] },
    ]);
  });

  test('is withdrawn by whoever made it, and approved by another', () => {
    expect(when(proposed, cancel(ITEM)).ok).toBe(true);
    expect(when(proposed, approve(ITEM, {}, 'binh')).ok).toBe(true);
  });

  test('takes 200 lines and 200 pools, no more', () => {
    const lines = Array.from({ length: 200 }, () => line('1'));
    expect(when(proposed, propose('200', { lines })).ok).toBe(true);
    const many = given(
      openBook(),
      ...Array.from({ length: 200 }, (_, n) => receive('1', { restriction: { until: `${2027 + n}-01-01` } })),
    );
    expect(when(many, propose('200')).ok).toBe(true);
  });

  test('is delivered less what was returned before, line by line', () => {
    const world = given(
      openBook(),
      receive('1000'),
      propose('400', { lines: [line('100', { place: 'a', children: 3 }), line('300', { place: 'b' })] }),
      approve(ITEM),
      pay(ITEM),
      giveBack(ITEM, [
        { line: 0, amount: '100' },
        { line: 1, amount: '50' },
      ]),
    );
    expect(dataOf(when(world, deliver(ITEM)))).toMatchObject([
      { amount: '250', lines: [{ amount: '250', place: 'b', children: null }] },
    ]);
    expect(world.log.at(-1)?.data).toMatchObject({
      amount: '150',
      afterDelivery: false,
      voucher: 'PT-000002',
      lines: [
        { amount: '100', place: 'a', children: null },
        { amount: '50', place: 'b', children: null },
      ],
      restored: [{ pool: POOL, units: [['250', '400']] }],
    });
  });

  test('over several pools gives back from the last of them first', () => {
    const world = given(
      openBook(),
      receive('10', { restriction: { group: 'g' } }),
      receive('10', { restriction: { purpose: 'q' } }),
      receive('100'),
      propose('40', { group: 'g', purpose: 'q' }),
      approve(id(5)),
      pay(id(5)),
    );
    expect(dataOf(when(world, giveBack(id(5), [{ line: 0, amount: '35' }])))).toMatchObject([
      {
        restored: [
          { pool: 'qbt-06/VND/group=g', units: [['5', '10']] },
          { pool: 'qbt-06/VND/purpose=q', units: [['0', '10']] },
          { pool: POOL, units: [['0', '20']] },
        ],
      },
    ]);
  });

  test('of another fund is not returned to this one', () => {
    const world = given(openBook(), receive('1000'), propose('400'), approve(ITEM), pay(ITEM), deliver(ITEM));
    const elsewhere: World = {
      ...world,
      log: world.log.map((event) => ({ ...event, stream: bookStream('qbt-19', 2026) })),
    };
    expect(dataOf(when(elsewhere, giveBack(ITEM, [{ line: 0, amount: '1' }])))).toMatchObject([
      { code: 'DISBURSEMENT_NOT_OPEN' },
    ]);
  });

  test('is judged by its restriction on the day, for each line', () => {
    const world = given(openBook(), receive('9', { restriction: { place: 'bk' } }));
    const lines = [line('4', { place: 'bk.ns' }), line('4', { place: 'cb' })];
    expect(dataOf(when(world, propose('8', { lines })))).toMatchObject([
      { code: 'POOLS_INSUFFICIENT', details: { free: '0' } },
    ]);
    expect(when(world, propose('4', { lines: lines.slice(0, 1) })).ok).toBe(true);
  });
});

describe('a book', () => {
  test('knows what it was opened with and what was added', () => {
    const { book } = given(openBook(), openAccount(), listGood());
    expect(book).toStrictEqual<BookState>({
      status: 'open',
      fund: 'qbt-06',
      year: 2026,
      level: 'province',
      place: 'bk',
      accounts: new Map([
        ['tien-mat', 'cash'],
        ['kho', 'store'],
        ['khong-neu', 'unstated'],
        ['kho-bac', 'treasury'],
      ]),
      balances: new Map(),
      lastMoves: new Map(),
      goods: new Map([
        ['xe-dap', 0],
        ['gao', 3],
      ]),
      pools: new Map(),
      open: new Map(),
      returns: new Map(),
      vouchers: { receipt: 0, payment: 0, adjustment: 0 },
      short: new Set(),
      items: new Map(),
      advances: new Map(),
      invoices: new Map(),
      admin: { caps: [], income: new Map(), lowered: new Map(), spent: new Map() },
      latest: '2026-03-01',
      predecessors: new Map(),
      merged: null,
      carrying: null,
      lockedThrough: 0,
      reconciled: new Map(),
      approvals: { rules: [], decisions: new Map() },
    });
  });

  const fold = <T extends keyof BookEvents>(
    world: World,
    type: T,
    data: Partial<BookEvents[T]>,
  ): BookState => {
    const fact = { stream: 'book-qbt-06-2026', type, effectiveOn: '2026-03-01', data };
    const context = {
      commandId: id(99),
      actor: 'lan',
      recordedAt: '2026-06-30T00:00:00.000Z',
      today: '2026-06-30',
    };
    const [event] = recorded([fact], context, world.log.length);
    if (event === undefined) throw new Error('one fact is one event');
    return evolveBook(structuredClone(world.book), event);
  };
  const allocated = given(openBook(), receive('100'), allocate('40'));
  const target = `${POOL}/programme=ao-am`;
  const units = (pool: string, from: number, to: number): { pool: string; units: [string, string][] } => ({
    pool,
    units: [[String(from), String(to)]],
  });

  test.each<[string, () => unknown, string]>([
    [
      'mints other units than the next',
      () =>
        fold(allocated, 'book.receipt-recorded.v1', {
          pool: POOL,
          minted: ['101', '102'],
          voucher: 'PT-000009',
        }),
      `${POOL} mints the next units`,
    ],
    [
      'draws units that are not free',
      () =>
        fold(allocated, 'book.disbursement-approved.v1', {
          disbursement: ITEM,
          drawn: [units(POOL, 39, 41)],
        }),
      'only units of the set leave it',
    ],
    [
      'restores units that are free',
      () =>
        fold(allocated, 'book.disbursement-cancelled.v1', {
          disbursement: ITEM,
          restored: [units(POOL, 39, 41)],
        }),
      'ranges of one set are disjoint',
    ],
    [
      'moves more than arrives',
      () =>
        fold(allocated, 'book.allocation-approved.v1', {
          moves: [{ from: units(POOL, 40, 50), to: { pool: target, minted: ['40', '49'] } }],
        }),
      'what leaves equals what arrives',
    ],
    [
      'undoes more than it restores',
      () =>
        fold(allocated, 'book.allocation-reduced.v1', {
          undone: [{ voided: units(target, 0, 10), restored: units(POOL, 0, 9) }],
        }),
      'what leaves equals what arrives',
    ],
    [
      'approves what was not proposed',
      () => fold(allocated, 'book.disbursement-approved.v1', { disbursement: ITEM, drawn: [] }),
      `disbursement ${ITEM} is open`,
    ],
    [
      'is of no type that a book has',
      () => fold(allocated, 'book.renamed.v1' as 'book.opened.v1', {}),
      'a book has no event of type book.renamed.v1',
    ],
  ])('stops at an event that %s', (_, evolve, statement) => {
    expect(evolve).toThrow(statement);
  });

  test('offers the pools of one commodity that have free units', () => {
    const { book } = given(
      openBook(),
      receive('100'),
      receive('3', { commodity: 'xe-dap', account: 'kho' }),
      allocate('100'),
    );
    expect(freePools(book, 'VND')).toStrictEqual([{ pool: target, free: 100n }]);
    expect(freePools(book, 'xe-dap')).toStrictEqual([{ pool: 'qbt-06/xe-dap/general', free: 3n }]);
  });

  test('is bound to the hash of what is proposed, and to no other event', () => {
    expect(bookKind.boundTo).toStrictEqual(
      new Set(['book.decision-proposed.v1', 'book.disbursement-changed.v1', 'book.disbursement-proposed.v1']),
    );
    expect(given(openBook(), receive('5'), propose('5')).book.open.get(ITEM)?.proposalHash).toMatch(
      /^[0-9a-f]{64}$/,
    );
    expect(bookKind.kind).toBe('book');
    expect(emptyWorld().book).toStrictEqual(bookKind.initial('book-qbt-06-2026'));
  });
});
