import { ok, refuse } from '#kernel';
import { describe, expect, test } from 'vitest';
import { moveOwn, receiveOwn, receiveUnidentified } from '../../../tests/support/daily.ts';
import {
  type Step,
  type World,
  approve,
  closeBook,
  given,
  id,
  openAccount,
  openBook,
  pay,
  propose,
  receive,
  when,
} from '../../../tests/support/funds.ts';
import { lock, nextYear, reconcile, unlock } from '../../../tests/support/periods.ts';
import { CHECKED_SHOWN_MAX, checklistOf } from './checklist.ts';
import type { PeriodLocked } from './events-periods.ts';

const IN_JANUARY = { effectiveOn: '2026-01-20' };
const IN_FEBRUARY = { effectiveOn: '2026-02-20' };
const book = (...steps: readonly Step[]): World => given(openBook(), ...steps);
const locked = (world: World, step: Step): PeriodLocked => {
  const decided = when(world, step);
  if (!decided.ok) throw new Error(JSON.stringify(decided.error));
  return decided.value[0]?.data as PeriodLocked;
};

describe('a month that is over', () => {
  test('is locked on its last day, with those before it', () => {
    expect(when(book(), lock(2))).toStrictEqual(
      ok([
        {
          stream: 'book-qbt-06-2026',
          type: 'book.period-locked.v1',
          effectiveOn: '2026-02-28',
          data: { month: 2, before: 0, checklist: [], reason: null },
        },
      ]),
    );
    expect(locked(book(lock(2)), lock(3))).toMatchObject({ month: 3, before: 2 });
  });

  test('takes nothing any more, while the next one does', () => {
    const world = book(lock(2));
    expect(when(world, receive('1', { effectiveOn: '2026-02-28' }))).toStrictEqual(
      refuse('PERIOD_LOCKED', {
        fund: 'qbt-06',
        date: '2026-02-28',
        month: '2026-02',
        open: '2026-03-01',
      }),
    );
    expect(when(world, receive('1', { effectiveOn: '2026-01-01' })).ok).toBe(false);
    expect(when(world, receive('1', { effectiveOn: '2026-03-01' })).ok).toBe(true);
  });

  test('notes a reconciliation all the same, which moves no money', () => {
    const world = book(openAccount({ account: 'nh-1', kind: 'bank' }), lock(1, 'cho-sao-ke'));
    expect(when(world, reconcile('nh-1', '2026-01-31')).ok).toBe(true);
  });
});

describe('a locked month', () => {
  test('is opened again, the last one alone', () => {
    const world = book(lock(1), lock(2), unlock(2));
    expect(world.book.lockedThrough).toBe(1);
    expect(when(world, receive('1', IN_FEBRUARY)).ok).toBe(true);
    expect(when(world, receive('1', IN_JANUARY)).ok).toBe(false);
    expect(world.log.at(-1)).toMatchObject({
      type: 'book.period-unlocked.v1',
      effectiveOn: '2026-02-28',
      data: { month: 2, reason: 'mo-lai' },
    });
  });

  test('is locked again', () => {
    expect(locked(book(lock(2), unlock(2)), lock(2))).toMatchObject({ month: 2, before: 1 });
  });

  test('does not keep the year from closing, which ends all locks', () => {
    const world = book(lock(3), closeBook());
    expect(world.book.status).toBe('closed');
    for (const step of [lock(4), unlock(3)])
      expect(when(world, step)).toStrictEqual(refuse('BOOK_CLOSED', { fund: 'qbt-06', year: '2026' }));
  });

  test('is not locked in the next year', () => {
    expect(nextYear([lock(12, null, 2025)]).book.lockedThrough).toBe(0);
  });
});

describe('the checklist of a month', () => {
  const busy = (): World =>
    book(
      openAccount({ account: 'nh-1', kind: 'bank', ...IN_JANUARY }),
      receive('900', IN_JANUARY),
      receiveUnidentified('70', IN_JANUARY),
      moveOwn('40', { to: 'khong-neu', inTransit: true, ...IN_JANUARY }),
      propose('10', IN_JANUARY),
      propose('20', IN_JANUARY),
      approve(id(7), IN_JANUARY),
      propose('5', IN_JANUARY),
      approve(id(9), IN_JANUARY),
      pay(id(9), IN_JANUARY),
      receiveUnidentified('8', IN_FEBRUARY),
      propose('1', IN_FEBRUARY),
    );

  test('names what is unfinished at its end, and nothing of later days', () => {
    expect(locked(busy(), lock(1, 'ly-do'))).toStrictEqual({
      month: 1,
      before: 0,
      checklist: [
        { check: 'bank-unreconciled', count: 1, items: ['nh-1'] },
        { check: 'money-in-transit', count: 1, items: [id(5)] },
        { check: 'unidentified-receipts', count: 1, items: [id(4)] },
        { check: 'proposals-undecided', count: 1, items: [id(6)] },
        { check: 'approved-unpaid', count: 1, items: [id(7)] },
        { check: 'paid-undelivered', count: 1, items: [id(9)] },
      ],
      reason: 'ly-do',
    });
  });

  test('asks for a reason when something has to be explained', () => {
    const checklist =
      'bank-unreconciled 1, money-in-transit 1, unidentified-receipts 1, proposals-undecided 1';
    expect(when(busy(), lock(1))).toStrictEqual(
      refuse('PERIOD_NOT_CLEAR', { period: '2026-01', fund: 'qbt-06', checklist }),
    );
  });

  test('asks for none when only payments go on', () => {
    const world = book(receive('9', IN_JANUARY), propose('5', IN_JANUARY), approve(id(3), IN_JANUARY));
    expect(locked(world, lock(1)).checklist).toStrictEqual([
      { check: 'approved-unpaid', count: 1, items: [id(3)] },
    ]);
  });

  test('is clear once the account agrees with its bank through the last day', () => {
    const account = openAccount({ account: 'nh-1', kind: 'bank', ...IN_JANUARY });
    expect(when(book(account, reconcile('nh-1', '2026-01-30')), lock(1)).ok).toBe(false);
    expect(locked(book(account, reconcile('nh-1', '2026-01-31')), lock(1)).checklist).toStrictEqual([]);
    // An older statement accepted later does not take it back.
    const again = [reconcile('nh-1', '2026-01-31'), reconcile('nh-1', '2026-01-15')];
    expect(locked(book(account, ...again), lock(1)).checklist).toStrictEqual([]);
  });

  test('is clear once what was on its way has arrived', () => {
    const sent = moveOwn('40', { to: 'khong-neu', inTransit: true, ...IN_JANUARY });
    const world = book(receive('90', IN_JANUARY), sent);
    expect(when(world, lock(1)).ok).toBe(false);
    const arrived = receiveOwn(id(3), { account: 'khong-neu', ...IN_JANUARY });
    expect(when(book(receive('90', IN_JANUARY), sent, arrived), lock(1)).ok).toBe(true);
  });

  test('names no more than it shows, and counts all', () => {
    const many = Array.from({ length: CHECKED_SHOWN_MAX + 5 }, () => receiveUnidentified('1', IN_JANUARY));
    const [line] = checklistOf(book(...many).book, '2026-01-31');
    expect([line?.count, line?.items.length]).toStrictEqual([CHECKED_SHOWN_MAX + 5, CHECKED_SHOWN_MAX]);
  });
});

describe('a year', () => {
  test('closes over what is unfinished with a reason, and says what it was', () => {
    const world = book(receive('9'), propose('5'));
    expect(when(world, closeBook({ reason: null }))).toStrictEqual(
      refuse('PERIOD_NOT_CLEAR', { period: '2026', fund: 'qbt-06', checklist: 'proposals-undecided 1' }),
    );
    expect(when(world, closeBook({ reason: 'cho-hop' }))).toMatchObject({
      value: [
        {
          type: 'book.closed.v1',
          data: {
            checklist: [{ check: 'proposals-undecided', count: 1, items: [id(3)] }],
            reason: 'cho-hop',
          },
        },
      ],
    });
  });
});
