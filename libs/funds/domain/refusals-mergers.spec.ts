import { type PledgeState, type SponsorshipState, pledgeKind, sponsorshipKind } from '#pledges';
import { expect, test } from 'vitest';
import { type RefusalCase, describeRefusals } from '../../../tests/support/refusal-cases.ts';
import {
  type Step,
  type World,
  closeBook,
  given,
  id,
  listGood,
  openBook,
  propose,
  receive,
  when,
} from '../../../tests/support/funds.ts';
import { proposeThat } from '../../../tests/support/approvals.ts';
import {
  BY_NEXT,
  NEXT,
  OLD,
  after,
  beside,
  lockBefore,
  merge,
  mergeStep,
  openNext,
} from '../../../tests/support/mergers.ts';
import type { BookState } from './book.ts';
import { decideHandOverPledges } from './hand-over-pledges.ts';
import { mergerRefusals } from './refusals-mergers.ts';

const old = given(
  openBook(),
  receive('100'),
  receive('2', { commodity: 'xe-dap', account: 'kho' }),
  propose('10'),
  lockBefore(),
);
const next = (...more: Step[]): World => beside(old, openNext(), ...more);
const merged = merge(old.book, next());

const promise = (fund: string): { state: PledgeState; sponsorship: SponsorshipState } => ({
  state: { ...pledgeKind.initial(''), status: 'open', fund },
  sponsorship: sponsorshipKind.initial(''),
});
const handOver = (book: BookState, fund: string): Step => ({
  actor: 'chi',
  decide: () =>
    decideHandOverPledges({ fund: OLD, effectiveOn: '2026-06-30' }, book, [
      { pledge: 'ck-1', ...promise(fund) },
    ]),
});

/** More unfinished disbursements than one append can hand over. */
const crowded: BookState = {
  ...old.book,
  open: new Map(
    Array.from({ length: 500 }, (_, n) => {
      const [open] = old.book.open.values();
      if (open === undefined) throw new Error('one is open');
      return [id(n + 100), { ...open, proposal: { ...open.proposal, disbursement: id(n + 100) } }];
    }),
  ),
};

const cases: Record<string, RefusalCase[]> = {
  FUND_MERGED: [
    {
      state: 'it was merged before',
      world: () => next(),
      step: mergeStep(merged.old),
      details: { fund: OLD, into: NEXT, on: '2026-06-30' },
    },
  ],
  MERGER_WITH_ITSELF: [
    {
      state: 'one fund',
      world: () => next(),
      step: mergeStep(old.book, { into: OLD }),
      details: { fund: OLD },
    },
  ],
  MERGER_MONTHS_OPEN: [
    {
      state: 'nothing is locked',
      world: () => next(),
      step: mergeStep(given(openBook()).book),
      details: { fund: OLD, month: '2026-05' },
    },
  ],
  MERGER_TOO_EARLY: [
    {
      state: 'the day before its last entry',
      world: () => next(),
      step: mergeStep(given(openBook(), receive('1', { effectiveOn: '2026-06-20' }), lockBefore()).book, {
        effectiveOn: '2026-06-19',
      }),
      details: { date: '2026-06-19', last: '2026-06-20' },
    },
  ],
  MERGER_GOOD_UNLISTED: [
    {
      state: 'bicycles that the other fund does not count',
      world: () => beside(old, openNext({ goods: [] })),
      step: mergeStep(old.book),
      details: { commodity: 'xe-dap', into: NEXT },
    },
    {
      state: 'bicycles counted otherwise',
      world: () => beside(old, openNext({ goods: [{ code: 'xe-dap', unit: 'chiếc', exponent: 2 }] })),
      step: mergeStep(old.book),
      details: { commodity: 'xe-dap', into: NEXT },
    },
  ],
  MERGER_ACCOUNT_TAKEN: [
    {
      state: 'both have a cash box of that id',
      world: () => beside(old, openNext({ accounts: [{ account: 'tien-mat', kind: 'cash' }] })),
      step: mergeStep(old.book),
      details: { account: 'tien-mat', as: 'tien-mat', into: NEXT },
    },
    {
      state: 'two accounts would be called the same',
      world: () => next(),
      step: mergeStep(old.book, { accounts: [{ account: 'kho', as: 'tien-mat' }] }),
      details: { account: 'kho', as: 'tien-mat', into: NEXT },
    },
  ],
  MERGER_DOES_NOT_BALANCE: [
    {
      state: 'its books are not all there',
      world: () => next(),
      step: mergeStep({ ...old.book, balances: new Map() }),
      details: { commodity: 'VND', difference: '-100' },
    },
  ],
  MERGER_DECISIONS_OPEN: [
    {
      state: 'an allocation that waits for approval',
      world: () => next(),
      step: mergeStep(given(openBook(), receive('500'), proposeThat('allocation'), lockBefore()).book),
      details: { fund: OLD, count: '1' },
    },
  ],
  MERGER_TOO_LARGE: [
    {
      state: 'five hundred unfinished disbursements',
      world: () => next(),
      step: mergeStep(crowded),
      details: { events: '1006', disbursements: '500', pools: '2' },
    },
  ],
  FUND_NOT_MERGED: [
    { state: 'its book is open', world: () => next(), step: handOver(old.book, OLD), details: { fund: OLD } },
  ],
  PLEDGE_NOT_OF_MERGED: [
    {
      state: 'a pledge to a third fund',
      world: () => next(),
      step: handOver(merged.old, 'qbt-24'),
      details: { pledge: 'ck-1', fund: 'qbt-24' },
    },
  ],
  PLEDGES_HANDED_OVER: [
    {
      state: 'it went over before',
      world: () => next(),
      step: handOver(merged.old, NEXT),
      details: { into: NEXT },
    },
  ],
};

describeRefusals('of mergers', cases, mergerRefusals);

test.each([
  [mergeStep(given().book), 'BOOK_UNKNOWN'],
  [mergeStep(given(openBook(), closeBook()).book), 'BOOK_CLOSED'],
  [mergeStep(old.book, { effectiveOn: '2027-01-01' }), 'DATE_OUTSIDE_BOOK'],
  [mergeStep(old.book, { effectiveOn: '2026-07-01' }), 'DATE_IN_FUTURE'],
  [mergeStep(old.book, { effectiveOn: '2026-05-31' }), 'PERIOD_LOCKED'],
  [mergeStep(old.book, {}, 'lan'), 'MAKER_IS_CHECKER'],
  [mergeStep(old.book, { accounts: [{ account: 'vcb', as: 'vcb-bk' }] }), 'ACCOUNT_UNKNOWN'],
])('what every command checks is checked (%#)', (step, code) => {
  expect(when(next(), step)).toMatchObject({ ok: false, error: { code } });
});

test.each([
  ['no book', { book: given().book, log: [] }, 'BOOK_UNKNOWN'],
  ['a closed one', after(next(), closeBook({ ...BY_NEXT })), 'BOOK_CLOSED'],
] as const)('a successor with %s takes none', (_what, world, code) => {
  expect(when(world, mergeStep(old.book))).toMatchObject({
    ok: false,
    error: { code, details: { fund: NEXT } },
  });
});

test('a good that the fund listed and never had need not be known', () => {
  const listed = given(openBook(), receive('1'), listGood(), lockBefore());
  expect(when(beside(listed, openNext()), mergeStep(listed.book)).ok).toBe(true);
});

test('a pledge that is not there is none', () => {
  const unmade = { pledge: 'ck-9', state: pledgeKind.initial(''), sponsorship: sponsorshipKind.initial('') };
  const decided = decideHandOverPledges({ fund: OLD, effectiveOn: '2026-06-30' }, merged.old, [unmade]);
  expect(decided).toMatchObject({ ok: false, error: { code: 'PLEDGE_UNKNOWN' } });
  const unopened = decideHandOverPledges({ fund: OLD, effectiveOn: '2026-06-30' }, given().book, [unmade]);
  expect(unopened).toMatchObject({ ok: false, error: { code: 'BOOK_UNKNOWN' } });
});
