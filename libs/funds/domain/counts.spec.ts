import { describe, expect, test } from 'vitest';
import { countCash, countStock, receiveCharge, resolveCount } from '../../../tests/support/counts.ts';
import { setCap } from '../../../tests/support/daily.ts';
import { type Step, type World, given, id, openBook, receive, when } from '../../../tests/support/funds.ts';
import { postingsOf } from './postings.ts';

const COUNT = id(3);
const started = (...more: Step[]): World => given(openBook(), receive('900000'), ...more);
const posted = (log: World['log']): string[] =>
  log.flatMap((event) => postingsOf(event)).map(({ account, amount }) => `${account} ${amount}`);
const heldIn = ({ book }: World): object => Object.fromEntries(book.balances);
const openIn = ({ book }: World): unknown[] =>
  [...book.items].map(([item, { kind, account, left }]) => [item, kind, account, left]);

describe('a cash count', () => {
  test('that agrees with the book is minuted and changes nothing', () => {
    const before = started();
    const world = started(countCash('900000'));
    expect(world.log.slice(2).map(({ type }) => type)).toStrictEqual(['book.cash-counted.v1']);
    expect(world.log.at(-1)?.data).toMatchObject({ book: '900000', counted: '900000', difference: '0' });
    expect({ ...world.book, lastMoves: 0 }).toStrictEqual({ ...before.book, lastMoves: 0 });
  });

  test('that finds too little makes the book follow it and holds the shortage against nobody’s units', () => {
    const world = started(countCash('820000'));
    expect(posted(world.log.slice(2))).toStrictEqual([
      'asset/qbt-06/tien-mat -80000',
      'missing/qbt-06/tien-mat 80000',
    ]);
    expect(heldIn(world)).toStrictEqual({ 'tien-mat VND': 820000n });
    expect(openIn(world)).toStrictEqual([[COUNT, 'shortage', 'tien-mat', 80000n]]);
    expect(world.book.pools).toStrictEqual(started().book.pools);
    expect(world.book.vouchers).toStrictEqual({ receipt: 1, payment: 0, adjustment: 1 });
  });

  test('of an empty box, nothing in it, is a count too', () => {
    expect(openIn(started(countCash('0', { denominations: [] })))).toStrictEqual([
      [COUNT, 'shortage', 'tien-mat', 900000n],
    ]);
  });

  test('that finds too much holds the surplus apart', () => {
    const world = started(countCash('920000'));
    expect(posted(world.log.slice(2))).toStrictEqual([
      'asset/qbt-06/tien-mat 20000',
      'surplus/qbt-06/tien-mat -20000',
    ]);
    expect(openIn(world)).toStrictEqual([[COUNT, 'surplus', 'tien-mat', 20000n]]);
  });
});

describe('a stock count', () => {
  test('compares one good with the book', () => {
    const world = started(receive('4', { commodity: 'xe-dap', account: 'kho' }), countStock('3'));
    expect(world.log.slice(-2).map(({ data }) => data)).toMatchObject([
      { book: '4', counted: '3', difference: '-1' },
      { kind: 'shortage', amount: '1', commodity: 'xe-dap', account: 'kho' },
    ]);
    expect(heldIn(world)).toStrictEqual({ 'tien-mat VND': 900000n, 'kho xe-dap': 3n });
  });
});

describe('a shortage', () => {
  const short = (...more: Step[]): World => started(countCash('820000'), ...more);

  test('that is found lies where it was', () => {
    const world = short(resolveCount(COUNT, { amount: '30000' }));
    expect(posted(world.log.slice(-1))).toStrictEqual([
      'asset/qbt-06/tien-mat 30000',
      'missing/qbt-06/tien-mat -30000',
    ]);
    expect(openIn(world)).toStrictEqual([[COUNT, 'shortage', 'tien-mat', 50000n]]);
  });

  test('charged to the keeper is theirs to pay, in parts', () => {
    const charge = resolveCount(COUNT, { how: 'charged', person: 'nv-1' });
    const world = short(charge, receiveCharge(id(4), { amount: '50000' }));
    expect(posted(world.log.slice(-2))).toStrictEqual([
      'charge/qbt-06/nv-1 80000',
      'missing/qbt-06/tien-mat -80000',
      'asset/qbt-06/tien-mat 50000',
      'charge/qbt-06/nv-1 -50000',
    ]);
    expect(openIn(world)).toStrictEqual([[id(4), 'charge', 'nv-1', 30000n]]);
    const settled = short(charge, receiveCharge(id(4), { amount: '50000' }), receiveCharge(id(4)));
    expect(openIn(settled)).toStrictEqual([]);
    expect(heldIn(settled)).toStrictEqual({ 'tien-mat VND': 900000n });
  });

  test('written off is an expense, the first to take units, and what nobody pays of a charge too', () => {
    const written = short(resolveCount(COUNT, { how: 'written-off', proposedBy: 'lan' }));
    expect(posted(written.log.slice(-2))).toStrictEqual([
      'free/qbt-06/VND/general 80000',
      'missing/qbt-06/tien-mat -80000',
    ]);
    expect(written.log.at(-2)).toMatchObject({
      type: 'book.expense-recorded.v1',
      data: {
        kind: 'shortage',
        account: 'missing/tien-mat',
        voucher: 'DC-000002',
        drawn: [{ units: [['0', '80000']] }],
      },
    });
    const charged = short(
      resolveCount(COUNT, { how: 'charged', person: 'nv-1' }),
      resolveCount(id(4), { how: 'written-off', proposedBy: 'lan' }),
    );
    expect(posted(charged.log.slice(-2))).toStrictEqual([
      'free/qbt-06/VND/general 80000',
      'charge/qbt-06/nv-1 -80000',
    ]);
    expect([openIn(written), openIn(charged)]).toStrictEqual([[], []]);
  });

  test('is written off under the cap on own costs', () => {
    const capped = short(setCap({ kinds: ['shortage'] }));
    expect(
      when(capped, resolveCount(COUNT, { how: 'written-off', proposedBy: 'lan' }, 'binh')),
    ).toMatchObject({
      error: { code: 'ADMIN_CAP_EXCEEDED', details: { left: '45000' } },
    });
    expect(when(capped, resolveCount(COUNT, { how: 'written-off', proposedBy: 'lan' })).ok).toBe(true);
  });
});

describe('a surplus', () => {
  test('taken as income mints in the pool it is for', () => {
    const restriction = { programme: 'ao-am' };
    const world = started(countCash('920000'), resolveCount(COUNT, { how: 'income', restriction }));
    expect(posted(world.log.slice(-2))).toStrictEqual([
      'surplus/qbt-06/tien-mat 20000',
      'free/qbt-06/VND/programme=ao-am -20000',
    ]);
    expect(heldIn(world)).toStrictEqual({ 'tien-mat VND': 920000n });
    expect(openIn(world)).toStrictEqual([]);
  });

  test('that an entry left out explains leaves the account again, and the entry is made', () => {
    const world = started(countCash('920000'), resolveCount(COUNT), receive('20000'));
    expect(heldIn(world)).toStrictEqual({ 'tien-mat VND': 920000n });
    expect(openIn(world)).toStrictEqual([]);
  });
});
