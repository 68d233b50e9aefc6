import { ok, refuse, sizeOf } from '#kernel';
import { describe, expect, test } from 'vitest';
import {
  allocate,
  closeBook,
  given,
  id,
  openAccount,
  openBook,
  propose,
  receive,
  when,
} from '../../../tests/support/funds.ts';
import { carry, lock, reconcile } from '../../../tests/support/periods.ts';
import { type BookState, poolOf } from './book.ts';
import { CARRIED_PER_APPEND_MAX } from './open-book.ts';

const next = { year: 2027, effectiveOn: '2027-01-01' };
const GENERAL = 'qbt-06/VND/general';
const SET_ASIDE = 'qbt-06/VND/general/group=mo-coi';

describe('a fund without a book', () => {
  test('opens its first one, with nothing carried', () => {
    const opened = when(given(), openBook());
    expect(opened.ok && opened.value.map(({ type }) => type)).toStrictEqual(['book.opened.v1']);
  });
});

describe('a fund whose last book is closed', () => {
  const last = given(
    openBook(),
    receive('1000'),
    allocate('400', { designation: { group: 'mo-coi' } }),
    closeBook(),
  ).book;
  const carried = given(openBook(next, [last]));

  test('goes on with the same pools, the same units free', () => {
    expect([...carried.book.pools]).toStrictEqual([...last.pools]);
    expect(carried.log.map(({ type }) => type)).toStrictEqual([
      'book.opened.v1',
      'book.pool-carried.v1',
      'book.pool-carried.v1',
      'book.account-carried.v1',
    ]);
  });

  test('mints the units after the last ones of the year before', () => {
    const received = when(carried, receive('50', { effectiveOn: '2026-06-30' }));
    expect(received).toMatchObject({ ok: false, error: { code: 'DATE_OUTSIDE_BOOK' } });
    expect(poolOf(carried.book, GENERAL).minted).toBe(1000n);
    expect(sizeOf(poolOf(carried.book, SET_ASIDE).free)).toBe(400n);
  });

  test('follows the latest of several', () => {
    const earlier = given(
      openBook({ year: 2025, effectiveOn: '2025-01-01' }),
      closeBook({ year: 2025, effectiveOn: '2025-12-31' }),
    ).book;
    expect([...given(openBook(next, [earlier, last])).book.pools]).toStrictEqual([...last.pools]);
  });
});

describe('a pool in more ranges than one event carries', () => {
  test('goes over several events and arrives whole', () => {
    const pool = {
      minted: 1_200n,
      free: Array.from({ length: 300 }, (_, i) => ({ from: BigInt(4 * i), to: BigInt(4 * i + 1) })),
      movedIn: [],
      shortfalls: [],
    };
    const closed = given(openBook(), closeBook()).book;
    const last = { ...closed, pools: new Map([[GENERAL, pool]]) };
    const carried = given(openBook(next, [last]));
    expect(carried.log.length).toBe(1 + 3);
    expect(poolOf(carried.book, GENERAL)).toStrictEqual(pool);
  });
});

describe('a fund that leaves more than one append takes', () => {
  const closed = given(openBook(), closeBook()).book;
  const pools = (count: number, ranges: number): BookState => ({
    ...closed,
    pools: new Map(
      Array.from({ length: count }, (_, n) => [
        `qbt-06/VND/beneficiary=tre-${n}`,
        {
          minted: 10n ** 12n,
          free: Array.from({ length: ranges }, (_, i) => ({ from: BigInt(4 * i), to: BigInt(4 * i + 1) })),
          movedIn: [],
          shortfalls: [],
        },
      ]),
    ),
  });
  const last = pools(2 * CARRIED_PER_APPEND_MAX + 5, 1);
  const begun = given(openBook(next, [last]));

  test('opens with a part of it, and says how much there is', () => {
    expect(begun.log.length).toBe(1 + CARRIED_PER_APPEND_MAX);
    expect(begun.log[0]).toMatchObject({ data: { carries: 2 * CARRIED_PER_APPEND_MAX + 5 } });
  });

  test('takes nothing else before all is carried', () => {
    const left = String(CARRIED_PER_APPEND_MAX + 5);
    const refused = refuse('BOOK_NOT_CARRIED', { fund: 'qbt-06', year: '2027', left });
    const on = { effectiveOn: '2027-01-05' };
    for (const step of [receive('1', on), lock(1, 'ly-do', 2027), closeBook({ year: 2027, ...on })])
      expect(when(begun, step)).toStrictEqual(refused);
    const account = openAccount({ account: 'nh-1', kind: 'bank' });
    expect(when(begun, account).ok).toBe(false);
    expect(when(begun, reconcile('tien-mat', '2027-01-31'))).toStrictEqual(ok([]));
  });

  test('goes on, append by append, until all is there', () => {
    const steps = [carry(last, 2027), carry(last, 2027)];
    const done = given(openBook(next, [last]), ...steps);
    expect([...done.book.pools]).toStrictEqual([...last.pools]);
    expect(done.book.carrying).toBe(null);
    expect(when(done, carry(last, 2027))).toStrictEqual(
      refuse('BOOK_CARRIED', { fund: 'qbt-06', year: '2027' }),
    );
    expect(when(done, receive('1', { effectiveOn: '2026-06-30' }))).toMatchObject({
      error: { code: 'DATE_OUTSIDE_BOOK' },
    });
  });

  test('is cut by what it weighs as well', () => {
    const heavy = pools(300, 128);
    const facts = given(openBook(next, [heavy])).log;
    const chars = facts.reduce((sum, { data }) => sum + JSON.stringify(data).length, 0);
    expect([facts.length < 300, chars < 500_000]).toStrictEqual([true, true]);
  });

  test('and a book that is not open carries nothing', () => {
    expect(when(given(), carry(last, 2027))).toStrictEqual(
      refuse('BOOK_UNKNOWN', { fund: 'qbt-06', year: '2027' }),
    );
  });
});

describe('a fund whose last book is open', () => {
  test('closes it first', () => {
    const last = given(openBook(), receive('10'), propose('5')).book;
    expect(last.open.has(id(3))).toBe(true);
    expect(when(given(), openBook(next, [last]))).toMatchObject({
      ok: false,
      error: { code: 'BOOK_BEFORE_OPEN' },
    });
  });
});
