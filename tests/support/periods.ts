import { type BookState, bookKind } from '../../libs/funds/domain/book.ts';
import { asLate } from '../../libs/funds/domain/late-facts.ts';
import { decideCarryForward } from '../../libs/funds/domain/open-book.ts';
import { decideLockPeriod, decideUnlockPeriod } from '../../libs/funds/domain/periods.ts';
import { reconcileAccount } from '../../libs/funds/domain/reconcile-account.ts';
import { type Day, ok } from '../../libs/kernel/index.ts';
import { type Step, type World, closeBook, given, openBook, take } from './funds.ts';

const ON = { fund: 'qbt-06', year: 2026 };

/** Goes on carrying what the book before left. */
export const carry = (last: BookState, year: number): Step => ({
  actor: 'lan',
  decide: ({ book }) => decideCarryForward({ fund: ON.fund, year }, book, [last]),
});

/** Locks the months of the book through one; null reason: the checklist is clear. */
export const lock = (month: number, reason: string | null = null, year = ON.year): Step => ({
  actor: 'chi',
  decide: ({ book }, context) => decideLockPeriod({ ...ON, year, month, reason }, book, context),
});

export const unlock = (month: number, reason = 'mo-lai'): Step => ({
  actor: 'chi',
  decide: ({ book }, context) => decideUnlockPeriod({ ...ON, month, reason }, book, context),
});

/** A person accepted that an account agrees with its bank through a day. */
export const reconcile = (account: string, through: Day): Step => ({
  actor: 'lan',
  decide: ({ book }) => ok(reconcileAccount({ fund: ON.fund, account, through, bank: 'vcb-1' }, book)),
});

/** A step about something found after the close, which belongs to a day of a closed book. */
export const late = (step: Step, belongsTo: Day, closed: BookState): Step => ({
  ...step,
  decide: (world, context) => {
    const decided = step.decide(world, context);
    return decided.ok ? asLate(decided.value, belongsTo, world.book, closed) : decided;
  },
});

/**
 * The fund's book of 2026 after that of 2025, with the log of both: the day of the steps is in 2026, so it opens in
 * time. `closed` is the book of 2025.
 */
export function nextYear(past: readonly Step[]): World & { closed: BookState } {
  const closed = given(
    openBook({ year: 2025, effectiveOn: '2025-01-01' }),
    ...past,
    closeBook({ year: 2025, effectiveOn: '2025-12-31' }),
  );
  const before = { ...closed, book: bookKind.initial('book-qbt-06-2026') };
  return { ...take(before, openBook({}, [closed.book])).world, closed: closed.book };
}
