import { sizeOf } from '#kernel';
import { describe, expect, test } from 'vitest';
import {
  allocate,
  closeBook,
  given,
  id,
  openBook,
  propose,
  receive,
  when,
} from '../../../tests/support/funds.ts';
import { poolOf } from './book.ts';

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
