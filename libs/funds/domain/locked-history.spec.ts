import { refuse } from '#kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bookHistory, randomFrom } from '../../../tests/support/book-history.ts';
import type { BookState } from './book.ts';

/** Random histories of two years: whatever is accepted in an open month is refused in a locked one, and in a closed book. */
const SHAPE = {
  funds: ['qbt-06'],
  donors: 3,
  places: ['bk.ns', 'bk.bb'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am', 'xe-dap'],
  year: 2024,
  giftMax: 200,
  receiptsPercent: 25,
  receipts: 60,
  yearEndsAfter: 160,
};
const EVENTS = 320;
const RUNS = 20;

/** They say of months and years themselves, and move nothing. */
const PERIODS = new Set(['book.period-locked.v1', 'book.period-unlocked.v1', 'book.closed.v1']);

const withLock = <T>(book: BookState, month: number, ask: () => T): T => {
  const before = book.lockedThrough;
  book.lockedThrough = month;
  const answer = ask();
  book.lockedThrough = before;
  return answer;
};

test('a command dated in a locked month is refused, whichever it is (property)', () => {
  const tried = new Set<string>();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      let count = 0;
      const history = bookHistory(SHAPE, randomFrom(seed), (book, facts, again) => {
        const [first] = facts;
        if (first === undefined || PERIODS.has(first.type)) return;
        tried.add(first.type);
        const day = first.effectiveOn;
        const month = Number(day.slice(5, 7));
        const refused = withLock(book, month, again);
        expect(refused).toMatchObject({
          ok: false,
          error: { code: 'PERIOD_LOCKED', details: { date: day } },
        });
        const { year } = book;
        const status = book.status;
        book.status = 'closed';
        expect(again()).toStrictEqual(refuse('BOOK_CLOSED', { fund: 'qbt-06', year: String(year) }));
        book.status = status;
      });
      for (const { events } of history) {
        count += events.length;
        if (count >= EVENTS) break;
      }
    }),
    { numRuns: RUNS },
  );
  // Every kind of command of the histories was tried; each is known by its first event.
  const wanted = [
    'book.account-opened.v1',
    'book.admin-cap-set.v1',
    'book.allocation-approved.v1',
    'book.allocation-reduced.v1',
    'book.disbursement-approved.v1',
    'book.disbursement-cancelled.v1',
    'book.disbursement-delivered.v1',
    'book.disbursement-paid.v1',
    'book.disbursement-proposed.v1',
    'book.disbursement-returned.v1',
    'book.donor-refunded.v1',
    'book.expense-recorded.v1',
    'book.income-recorded.v1',
    'book.money-arrived.v1',
    'book.money-sent.v1',
    'book.receipt-adjusted.v1',
    'book.receipt-corrected.v1',
    'book.receipt-recorded.v1',
    'book.receipt-reversed.v1',
    'book.restriction-released.v1',
    'book.unidentified-receipt-recorded.v1',
    'book.unidentified-receipt-returned.v1',
    'book.voucher-voided.v1',
  ];
  expect(wanted.filter((type) => !tried.has(type))).toStrictEqual([]);
});
