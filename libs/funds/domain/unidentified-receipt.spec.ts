import type { Fact, Result } from '#kernel';
import { describe, expect, test } from 'vitest';
import { identify, receiveUnidentified, sendBack } from '../../../tests/support/daily.ts';
import {
  type Step,
  type World,
  closeBook,
  emptyWorld,
  given,
  id,
  openBook,
  propose,
  receive,
  reverseReceipt,
  take,
  when,
} from '../../../tests/support/funds.ts';
import { evolveBook } from './book.ts';
import type { BookEvent } from './events.ts';
import { movementsOf } from './movements.ts';
import { postingsOf } from './postings.ts';

const ITEM = id(2);
const POOL = 'qbt-06/VND/general';
const unidentified = (...more: Step[]): World =>
  given(openBook(), receiveUnidentified('900', { effectiveOn: '2026-02-01' }), ...more);

const dataOf = (decided: Result<Fact[]>): unknown[] =>
  decided.ok ? decided.value.map(({ data }) => data) : [decided.error];
const posted = (log: readonly BookEvent[]): string[] =>
  log.flatMap((event) => postingsOf(event)).map(({ account, amount }) => `${account} ${amount}`);
const balance = (log: readonly BookEvent[], account: string): bigint =>
  log
    .flatMap((event) => postingsOf(event))
    .reduce((sum, posting) => (posting.account === account ? sum + posting.amount : sum), 0n);

describe('money from nobody knows whom', () => {
  test('is in its own account and in no pool', () => {
    const { log, book } = unidentified();
    expect(posted(log)).toStrictEqual(['asset/qbt-06/tien-mat 900', 'holding/qbt-06/tien-mat -900']);
    expect(log.flatMap((event) => movementsOf(event))).toStrictEqual([]);
    expect([book.pools.size, book.vouchers]).toStrictEqual([0, { receipt: 0, payment: 0, adjustment: 1 }]);
    expect(book.items).toStrictEqual(
      new Map([
        [
          ITEM,
          {
            kind: 'unidentified',
            account: 'tien-mat',
            commodity: 'VND',
            left: 900n,
            since: '2026-02-01',
            due: null,
          },
        ],
      ]),
    );
  });

  test('pays for nothing', () => {
    expect(when(unidentified(), propose('1'))).toMatchObject({ error: { code: 'POOLS_INSUFFICIENT' } });
  });

  test('becomes a receipt of what was identified of it; the money leaves where it was held', () => {
    const step = identify(ITEM, { amount: '600', donor: 'd', restriction: { group: 'g' } });
    const { world } = take(unidentified(receive('5')), step);
    expect(world.log.slice(-2).map(({ type, data }) => ({ type, data }))).toMatchObject([
      {
        type: 'book.receipt-recorded.v1',
        data: {
          receipt: id(4),
          account: 'holding/tien-mat',
          donor: 'd',
          pool: 'qbt-06/VND/group=g',
          minted: ['0', '600'],
          voucher: 'PT-000002',
        },
      },
      {
        type: 'book.receipt-identified.v1',
        data: { unidentified: ITEM, receipt: id(4), account: 'tien-mat', amount: '600', left: '300' },
      },
    ]);
    expect(posted(world.log.slice(-2))).toStrictEqual([
      'holding/qbt-06/tien-mat 600',
      'free/qbt-06/VND/group=g -600',
    ]);
    expect(balance(world.log, 'asset/qbt-06/tien-mat')).toBe(905n);
    expect(world.book.items.get(ITEM)?.left).toBe(300n);
  });

  test('identified for several donors is gone when nothing of it is left', () => {
    const { book, log } = unidentified(identify(ITEM, { amount: '600' }), identify(ITEM));
    expect(book.items).toStrictEqual(new Map());
    expect(book.pools.get(POOL)).toMatchObject({ minted: 900n, free: [{ from: 0n, to: 900n }] });
    expect(balance(log, 'holding/qbt-06/tien-mat')).toBe(0n);
  });

  test('goes back to its sender, in part or whole', () => {
    const world = unidentified(sendBack(ITEM, { amount: '200', account: 'khong-neu' }));
    expect(posted(world.log.slice(-1))).toStrictEqual([
      'holding/qbt-06/tien-mat 200',
      'asset/qbt-06/khong-neu -200',
    ]);
    expect(dataOf(when(world, sendBack(ITEM)))).toMatchObject([
      { unidentified: ITEM, voucher: 'PC-000002', held: 'tien-mat', amount: '700', left: '0' },
    ]);
  });

  test('is missing from the account it arrived in when its receipt is reversed', () => {
    const world = unidentified(identify(ITEM), reverseReceipt(id(3), { kind: 'bank-reversal' }));
    expect(posted(world.log.slice(-1))).toStrictEqual(['asset/qbt-06/tien-mat -900', `free/${POOL} 900`]);
  });

  test('is open in the next book as well, as old as it is', () => {
    const closed = unidentified(identify(ITEM, { amount: '1' }), closeBook());
    const { decided } = take(
      emptyWorld(),
      openBook({ year: 2027, effectiveOn: '2027-01-01' }, [closed.book]),
    );
    expect(dataOf(decided).at(-1)).toStrictEqual({
      kind: 'unidentified',
      item: ITEM,
      account: 'tien-mat',
      commodity: 'VND',
      amount: '899',
      since: '2026-02-01',
      from: 2026,
    });
    const next = take(emptyWorld(), openBook({ year: 2027, effectiveOn: '2027-01-01' }, [closed.book])).world;
    expect(next.book.items.get(ITEM)).toStrictEqual({
      kind: 'unidentified',
      account: 'tien-mat',
      commodity: 'VND',
      left: 899n,
      since: '2026-02-01',
      due: null,
    });
  });

  test('is never identified beyond what there is, whatever an event says', () => {
    const { book, log } = unidentified(identify(ITEM, { amount: '500' }));
    const again = log.findLast(({ type }) => type === 'book.receipt-identified.v1') as BookEvent;
    expect(() => evolveBook(book, again)).toThrow('no more than is open');
  });
});
