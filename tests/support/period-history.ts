import type { BookState } from '../../libs/funds/domain/book.ts';
import { decideEndDecision } from '../../libs/funds/domain/decide-decision.ts';
import { decideCloseBook } from '../../libs/funds/domain/extend-book.ts';
import { asLate } from '../../libs/funds/domain/late-facts.ts';
import { decideOpenBook } from '../../libs/funds/domain/open-book.ts';
import { decideLockPeriod, decideUnlockPeriod } from '../../libs/funds/domain/periods.ts';
import type { Context, Day, Fact, Result } from '../../libs/kernel/index.ts';

type Decide = (context: Context) => Result<readonly Fact[]>;

/** Months that stay open behind the earliest day that is still booked. */
const OPEN_MONTHS = 1;
/** Every so many commands the last locked month is opened again, to be locked with the next. */
const UNLOCK_EVERY = 97;

/**
 * The next lock of a month, or an unlock, that a book is due for; no chance is asked, so that histories without locks
 * stay as they were. `earliest`: no later command is dated before.
 */
export function periodStep(
  fund: string,
  book: BookState,
  earliest: Day,
  command: number,
): Decide | undefined {
  const { year, lockedThrough } = book;
  const on = { fund, year };
  if (lockedThrough > 0 && command % UNLOCK_EVERY === 0)
    return (context) => decideUnlockPeriod({ ...on, month: lockedThrough, reason: 'mo-lai' }, book, context);
  const month = Number(earliest.slice(5, 7)) - 1 - OPEN_MONTHS;
  if (month <= lockedThrough) return undefined;
  return (context) => decideLockPeriod({ ...on, month, reason: 'het-thang' }, book, context);
}

/** Ends a proposal that waits for approvals: a year does not close over it. */
export const endDecision =
  (fund: string, book: BookState, decision: string): Decide =>
  (context) =>
    decideEndDecision(
      { fund, decision, reason: 'het-nam', effectiveOn: `${book.year}-12-31` },
      book,
      context,
    );

/** Closes a book on the last day of its year, over whatever is open. */
export const yearEnd =
  (fund: string, book: BookState): Decide =>
  (context) =>
    decideCloseBook(
      { fund, year: book.year, effectiveOn: `${book.year}-12-31`, reason: 'het-nam' },
      book,
      context,
    );

/** Opens the book after the one just closed, with the same accounts. */
export const nextBook =
  (fund: string, book: BookState, last: BookState): Decide =>
  (context) =>
    decideOpenBook(
      {
        fund,
        year: last.year + 1,
        name: fund,
        level: last.level,
        place: last.place,
        accounts: [...last.accounts].map(([account, kind]) => ({ account, kind })),
        goods: [],
        effectiveOn: `${last.year + 1}-01-01`,
      },
      book,
      [last],
      context,
    );

/** One of so many commands of the second year is about something found after the close. */
const LATE_ONE_IN = 4;
const DAYS = 28;

/** The facts, some of which belong to the year before; as they are where there is none or they can not. */
export function foundLate(
  facts: readonly Fact[],
  book: BookState,
  closed: BookState | undefined,
  random: (below: number) => number,
): readonly Fact[] {
  if (closed === undefined || book.status !== 'open' || random(LATE_ONE_IN) > 0) return facts;
  const day = String(1 + random(DAYS)).padStart(2, '0');
  const late = asLate(facts, `${closed.year}-12-${day}`, book, closed);
  return late.ok ? late.value : facts;
}
