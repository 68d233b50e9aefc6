import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookHistory, randomFrom } from '../../../tests/support/book-history.ts';
import { moveOwn, receiveUnidentified, sendBack, spend } from '../../../tests/support/daily.ts';
import {
  type Step,
  type World,
  closeBook,
  given,
  id,
  openAccount,
  openBook,
  receive,
  reverseReceipt,
  when,
} from '../../../tests/support/funds.ts';
import { type BookState, balanceOf, bookKind } from './book.ts';
import { postingsOf } from './postings.ts';
import type { BookEvent } from './events.ts';

const started = (...more: Step[]): World =>
  given(openBook(), openAccount({ account: 'vcb', kind: 'bank' }), ...more);
const heldIn = ({ book }: World): object => Object.fromEntries(book.balances);

describe('own accounts', () => {
  test('hold what came in less what went out, unidentified money too', () => {
    const world = started(
      receive('900'),
      receive('3', { commodity: 'xe-dap', account: 'kho' }),
      receiveUnidentified('70', { account: 'vcb' }),
      sendBack(id(5), { amount: '20', account: 'vcb' }),
      moveOwn('300'),
      spend('50', { account: 'vcb' }),
    );
    expect(heldIn(world)).toStrictEqual({ 'tien-mat VND': 600n, 'kho xe-dap': 3n, 'vcb VND': 300n });
    expect(balanceOf(world.book, 'kho', 'VND')).toBe(0n);
  });

  test('that are emptied are kept no more', () => {
    expect(heldIn(started(receive('900'), moveOwn('900')))).toStrictEqual({ 'vcb VND': 900n });
  });

  test('of the bank may be behind it; what a cash box does not hold is not taken out', () => {
    const world = started(receive('900'), moveOwn('1000', { from: 'vcb', to: 'tien-mat' }));
    expect(heldIn(world)).toStrictEqual({ 'tien-mat VND': 1900n, 'vcb VND': -1000n });
    expect(when(world, moveOwn('1900')).ok).toBe(true);
    expect(when(world, moveOwn('1901'))).toMatchObject({ error: { code: 'ACCOUNT_BELOW_ZERO' } });
  });

  test('are corrected although a cash box then is below zero, and it gives nothing before it is filled', () => {
    const spent = [receive('900'), receive('10'), spend('900')];
    const world = started(...spent, reverseReceipt(id(3)));
    expect(heldIn(world)).toStrictEqual({ 'tien-mat VND': -890n });
    expect(when(world, receive('5')).ok).toBe(true);
    expect(when(world, moveOwn('1'))).toMatchObject({
      error: { code: 'ACCOUNT_BELOW_ZERO', details: { balance: '-890' } },
    });
  });

  test('are carried into the next book, one that its opening left out with them', () => {
    const { book } = started(receive('900'), moveOwn('1000', { from: 'vcb', to: 'tien-mat' }), closeBook());
    const next = given(openBook({ year: 2027, effectiveOn: '2027-01-01' }, [book]));
    expect(
      next.log.filter(({ type }) => type === 'book.account-carried.v1').map(({ data }) => data),
    ).toStrictEqual([
      { account: 'tien-mat', commodity: 'VND', amount: '1900', from: 2026 },
      { account: 'vcb', commodity: 'VND', amount: '-1000', from: 2026 },
    ]);
    expect(next.book.balances).toStrictEqual(book.balances);
    expect([...next.book.accounts]).toStrictEqual([
      ['tien-mat', 'cash'],
      ['kho', 'store'],
      ['khong-neu', 'unstated'],
      ['vcb', 'bank'],
    ]);
    expect(next.log.flatMap((event) => postingsOf(event))).toStrictEqual([]);
  });
});

const SHAPE = {
  funds: ['qbt-06'],
  donors: 3,
  places: ['062-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am'],
  year: 2024,
  giftMax: 200,
  receiptsPercent: 20,
  receipts: 60,
};

test('no cash box goes below zero but by a correction, whatever happens in a book (property)', () => {
  const corrected = new Set(['book.receipt-adjusted.v1', 'book.receipt-reversed.v1']);
  let payments = 0;
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 40, max: 200 }), (seed, length) => {
      const book: BookState = bookKind.initial('book-qbt-06-2024');
      let count = 0;
      for (const { events } of bookHistory(SHAPE, randomFrom(seed))) {
        const before = balanceOf(book, 'tien-mat', 'VND');
        if (count >= length) break;
        count += events.length;
        for (const event of events as readonly BookEvent[]) bookKind.evolve(book, event);
        const after = balanceOf(book, 'tien-mat', 'VND');
        if (after >= before || events.some(({ type }) => corrected.has(type))) continue;
        expect(after).toBeGreaterThanOrEqual(0n);
        payments += 1;
      }
    }),
    { numRuns: 20 },
  );
  expect(payments).toBeGreaterThan(20);
});
