import { type Context, type Day, type Fact, type Result, daysInMonth, nextDay, ok, refuse } from '#kernel';
import type { BookState } from './book-state.ts';
import { checklistOf, sayChecklist, unexplained } from './checklist.ts';
import type { PeriodLocked, PeriodUnlocked } from './events-periods.ts';
import { bookStream } from './events.ts';

const twoDigits = (n: number): string => String(n).padStart(2, '0');

/** `2026-03`: a month of a year. */
export const monthName = (year: number, month: number): string => `${year}-${twoDigits(month)}`;

/** The last day of a month. */
export const monthEnd = (year: number, month: number): Day =>
  `${monthName(year, month)}-${twoDigits(daysInMonth(year, month))}`;

/** Refuses a day in a locked month, and says from which day on things can be dated. */
export function checkUnlocked({ fund, year, lockedThrough }: BookState, day: Day): Result<void> {
  if (lockedThrough === 0) return ok(undefined);
  const last = monthEnd(year, lockedThrough);
  if (day > last) return ok(undefined);
  return refuse('PERIOD_LOCKED', {
    fund,
    date: day,
    month: monthName(year, lockedThrough),
    open: nextDay(last),
  });
}

/** What locking and unlocking name. */
export interface OnPeriod {
  readonly fund: string;
  readonly year: number;
  /** 1 … 12 */
  readonly month: number;
}

const checkOpen = ({ fund, year }: OnPeriod, book: BookState): Result<void> => {
  if (book.status === 'unopened') return refuse('BOOK_UNKNOWN', { fund, year: String(year) });
  if (book.status === 'closed') return refuse('BOOK_CLOSED', { fund, year: String(year) });
  if (book.carrying)
    return refuse('BOOK_NOT_CARRIED', { fund, year: String(year), left: String(book.carrying.left) });
  return ok(undefined);
};

/**
 * Locks the months of a book through one that is over: nothing is dated in them any more. What is unfinished then is
 * listed, and who locks all the same says why.
 */
export function decideLockPeriod(
  command: OnPeriod & { readonly reason: string | null },
  book: BookState,
  { today }: Context,
): Result<Fact[]> {
  const { fund, year, month, reason } = command;
  const open = checkOpen(command, book);
  if (!open.ok) return open;
  const last = monthEnd(year, month);
  const locked = monthName(year, book.lockedThrough);
  if (month <= book.lockedThrough)
    return refuse('PERIOD_LOCKED_ALREADY', { month: monthName(year, month), locked });
  if (last > today) return refuse('PERIOD_NOT_OVER', { month: monthName(year, month), last, today });
  const checklist = checklistOf(book, last);
  const missing = unexplained(checklist);
  if (missing.length > 0 && reason === null)
    return refuse('PERIOD_NOT_CLEAR', {
      period: monthName(year, month),
      fund,
      checklist: sayChecklist(missing),
    });
  const data: PeriodLocked = { month, before: book.lockedThrough, checklist, reason };
  const stream = bookStream(fund, year);
  return ok([{ stream, type: 'book.period-locked.v1', effectiveOn: last, data }]);
}

/** Opens the last locked month again: those before it stay locked. */
export function decideUnlockPeriod(
  command: OnPeriod & { readonly reason: string },
  book: BookState,
  _context: Context,
): Result<Fact[]> {
  const { fund, year, month, reason } = command;
  const open = checkOpen(command, book);
  if (!open.ok) return open;
  if (book.lockedThrough === 0) return refuse('PERIOD_NOT_LOCKED', { month: monthName(year, month), fund });
  if (month !== book.lockedThrough)
    return refuse('PERIOD_NOT_LAST_LOCKED', {
      month: monthName(year, month),
      locked: monthName(year, book.lockedThrough),
    });
  const data: PeriodUnlocked = { month, reason };
  const stream = bookStream(fund, year);
  return ok([{ stream, type: 'book.period-unlocked.v1', effectiveOn: monthEnd(year, month), data }]);
}
