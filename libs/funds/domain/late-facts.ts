import { type Day, type Fact, type Result, ok, refuse, yearOf } from '#kernel';
import type { BookState } from './book-state.ts';
import type { LateFact } from './events-periods.ts';
import { type BookEvent, bookStream } from './events.ts';

/** Types whose events may belong to a closed year: what came in or went out and was found after the close. */
const LATE_TYPES: ReadonlySet<string> = new Set<BookEvent['type']>([
  'book.disbursement-paid.v1',
  'book.expense-recorded.v1',
  'book.income-recorded.v1',
  'book.receipt-recorded.v1',
  'book.unidentified-receipt-recorded.v1',
]);

/** The facts with the closed book they belong to, and the day there. */
export const stampLate = (facts: readonly Fact[], late: LateFact): Fact[] =>
  facts.map((fact) =>
    LATE_TYPES.has(fact.type) ? { ...fact, data: { ...(fact.data as object), ...late } } : fact,
  );

/** The closed book that an event of a later one belongs to; null: it is of its own year. */
export const closedBookOf = ({ data }: { readonly data: unknown }): string | null => {
  const { originalBook } = data as { readonly originalBook?: string | null };
  return originalBook ?? null;
};

/**
 * Facts that were found after the close: decided like any, in the open book, they say to which closed book they
 * belong and to which day there (a prior-period adjustment). `closed` is the fund's book of that day.
 */
export function asLate(
  facts: readonly Fact[],
  belongsTo: Day,
  book: BookState,
  closed: BookState,
): Result<Fact[]> {
  const year = yearOf(belongsTo);
  if (year >= book.year)
    return refuse('LATE_FACT_OF_OPEN_BOOK', { date: belongsTo, year: String(book.year) });
  if (closed.status !== 'closed')
    return refuse('LATE_FACT_WITHOUT_BOOK', { date: belongsTo, fund: book.fund });
  const originalBook = bookStream(book.fund, year);
  if (facts.some((fact) => closedBookOf(fact) !== null)) return refuse('LATE_FACT_NAMED_ALREADY');
  if (!facts.some(({ type }) => LATE_TYPES.has(type))) return refuse('LATE_FACT_WITHOUT_MONEY');
  return ok(stampLate(facts, { originalBook, belongsTo }));
}
