import { type RefusalCase, describeRefusals } from '../../../tests/support/refusal-cases.ts';
import {
  type World,
  closeBook,
  correct,
  given,
  id,
  openBook,
  propose,
  receive,
} from '../../../tests/support/funds.ts';
import { carry, late, lock, nextYear, unlock } from '../../../tests/support/periods.ts';
import { EMPTY_POOL } from '#kernel';
import { CARRIED_PER_APPEND_MAX } from './open-book.ts';
import { periodRefusals } from './refusals-periods.ts';

const IN_2025 = { effectiveOn: '2025-06-01' };
const after2025 = (): World & { closed: World['book'] } => nextYear([receive('100', IN_2025)]);
const { closed } = after2025();
/** One more pool than an append takes. */
const manyPools = {
  ...closed,
  balances: new Map(),
  pools: new Map(
    Array.from({ length: CARRIED_PER_APPEND_MAX + 1 }, (_, n) => [
      `qbt-06/VND/beneficiary=tre-${n}`,
      EMPTY_POOL,
    ]),
  ),
};
const feb = (): World => given(openBook(), receive('9', { effectiveOn: '2026-02-02' }), lock(2));

const cases: Record<string, RefusalCase[]> = {
  PERIOD_LOCKED: [
    receive('1', { effectiveOn: '2026-02-28' }),
    propose('1', { effectiveOn: '2026-02-28' }),
  ].map((step) => ({
    state: 'a book locked through February',
    world: feb,
    step,
    details: { fund: 'qbt-06', date: '2026-02-28', month: '2026-02', open: '2026-03-01' },
  })),
  PERIOD_LOCKED_ALREADY: [
    {
      state: 'a book locked through February',
      world: feb,
      step: lock(1),
      details: { month: '2026-01', locked: '2026-02' },
    },
    {
      state: 'the same month again',
      world: feb,
      step: lock(2),
      details: { month: '2026-02', locked: '2026-02' },
    },
  ],
  PERIOD_NOT_OVER: [
    {
      state: 'the end of July, in June',
      world: feb,
      step: lock(7),
      details: { month: '2026-07', last: '2026-07-31', today: '2026-06-30' },
    },
  ],
  PERIOD_NOT_CLEAR: [
    {
      state: 'an undecided proposal in the month',
      world: () => given(openBook(), receive('9'), propose('4')),
      step: lock(3),
      details: { period: '2026-03', fund: 'qbt-06', checklist: 'proposals-undecided 1' },
    },
    {
      state: 'an undecided proposal in the year',
      world: () => given(openBook(), receive('9'), propose('4')),
      step: closeBook({ reason: null }),
      details: { period: '2026', fund: 'qbt-06', checklist: 'proposals-undecided 1' },
    },
  ],
  PERIOD_NOT_LOCKED: [
    {
      state: 'a book of which no month is locked',
      world: () => given(openBook()),
      step: unlock(1),
      details: { month: '2026-01', fund: 'qbt-06' },
    },
  ],
  PERIOD_NOT_LAST_LOCKED: [
    {
      state: 'a book locked through February',
      world: feb,
      step: unlock(1),
      details: { month: '2026-01', locked: '2026-02' },
    },
  ],
  BOOK_NOT_CARRIED: [
    {
      state: 'a book that has a part of what the year before left',
      world: () => given(openBook({}, [manyPools])),
      step: receive('1'),
      details: { fund: 'qbt-06', year: '2026', left: '1' },
    },
  ],
  BOOK_CARRIED: [
    {
      state: 'a book that has all that the year before left',
      world: () => given(openBook({}, [closed])),
      step: carry(closed, 2026),
      details: { fund: 'qbt-06', year: '2026' },
    },
  ],
  LATE_FACT_OF_OPEN_BOOK: [
    {
      state: 'a day of the open book',
      world: after2025,
      step: late(receive('1'), '2026-01-05', closed),
      details: { date: '2026-01-05', year: '2026' },
    },
  ],
  LATE_FACT_WITHOUT_BOOK: [
    {
      state: 'a year the fund has no book of',
      world: () => given(openBook()),
      step: late(receive('1'), '2024-01-05', given().book),
      details: { date: '2024-01-05', fund: 'qbt-06' },
    },
  ],
  LATE_FACT_WITHOUT_MONEY: [
    { state: 'a proposal', world: after2025, step: late(propose('1'), '2025-12-30', closed) },
  ],
  LATE_FACT_NAMED_ALREADY: [
    {
      state: 'a correction of a gift of the closed book',
      world: after2025,
      step: late(correct(id(2), { amount: '90' }), '2025-12-30', closed),
    },
  ],
};

describeRefusals('of months and late facts', cases, periodRefusals);
