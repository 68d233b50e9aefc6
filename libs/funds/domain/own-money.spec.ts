import { describe, expect, test } from 'vitest';
import { moveOwn, receiveOwn } from '../../../tests/support/daily.ts';
import {
  type Step,
  type World,
  given,
  id,
  openAccount,
  openBook,
  receive,
} from '../../../tests/support/funds.ts';
import { movementsOf } from './movements.ts';
import { postingsOf } from './postings.ts';

const MOVE = id(4);
const started = (...more: Step[]): World =>
  given(openBook(), openAccount({ account: 'vcb', kind: 'bank' }), receive('900'), ...more);
const posted = (log: World['log']): string[] =>
  log.flatMap((event) => postingsOf(event)).map(({ account, amount }) => `${account} ${amount}`);

describe('own money', () => {
  test('put into the bank on one day leaves the cash box with a voucher and is there', () => {
    const { log, book } = started(moveOwn('300'));
    expect(log.slice(-2).map(({ type, data }) => ({ type, ...data }))).toStrictEqual([
      {
        type: 'book.money-sent.v1',
        move: MOVE,
        voucher: 'PC-000001',
        account: 'tien-mat',
        to: 'vcb',
        commodity: 'VND',
        amount: '300',
        narrative: null,
      },
      {
        type: 'book.money-arrived.v1',
        move: MOVE,
        voucher: null,
        account: 'vcb',
        from: 'tien-mat',
        commodity: 'VND',
        amount: '300',
        left: '0',
      },
    ]);
    expect(posted(log.slice(-2))).toStrictEqual([
      'transit/qbt-06/tien-mat 300',
      'asset/qbt-06/tien-mat -300',
      'asset/qbt-06/vcb 300',
      'transit/qbt-06/tien-mat -300',
    ]);
    expect(log.slice(-2).flatMap((event) => movementsOf(event))).toStrictEqual([]);
    expect([book.items.size, book.pools]).toStrictEqual([0, started().book.pools]);
  });

  test('drawn from the bank comes into the cash box with the next phiếu thu', () => {
    const { log } = started(moveOwn('300', { from: 'vcb', to: 'tien-mat' }));
    expect(log.slice(-2).map(({ data }) => 'voucher' in data && data.voucher)).toStrictEqual([
      null,
      'PT-000002',
    ]);
  });

  test('that takes days is in transit until it arrived', () => {
    const sent = started(moveOwn('300', { inTransit: true }));
    expect(sent.book.items.get(MOVE)).toMatchObject({ kind: 'transit', account: 'tien-mat', left: 300n });
    const days = { effectiveOn: '2026-03-04' };
    const { book, log } = started(
      moveOwn('300', { inTransit: true }),
      receiveOwn(MOVE, { ...days, amount: '100' }),
      receiveOwn(MOVE, days),
    );
    expect(book.items.size).toBe(0);
    expect(posted(log.slice(-1))).toStrictEqual(['asset/qbt-06/vcb 200', 'transit/qbt-06/tien-mat -200']);
  });

  test('may be goods between two stores', () => {
    const bicycles = { commodity: 'xe-dap', account: 'kho' };
    const { log } = started(
      openAccount({ account: 'kho-2', kind: 'store' }),
      receive('5', bicycles),
      moveOwn('5', { commodity: 'xe-dap', from: 'kho', to: 'kho-2' }),
    );
    expect(posted(log.slice(-1))).toStrictEqual(['asset/qbt-06/kho-2 5', 'transit/qbt-06/kho -5']);
  });
});
