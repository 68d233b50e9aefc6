import type { Day } from '#kernel';
import type { Direction } from '../statement.ts';

/** A line, or a part of one, that nothing was matched with yet. */
export interface OpenLine {
  readonly line: string;
  readonly day: Day;
  readonly amount: bigint;
  readonly direction: Direction;
  /** What the vault keeps of it, narrative and other side, squeezed. */
  readonly squeezed: string;
  /** The other side, or the narrative without its numbers: what regular payers have in common. Empty: nothing. */
  readonly fingerprint: string;
}

/** A money event of the books that nothing was matched with yet. */
export interface OpenEntry {
  readonly entry: string;
  readonly fund: string;
  readonly day: Day;
  readonly amount: bigint;
  readonly direction: Direction;
  readonly voucher: string | null;
  readonly donor: string | null;
  readonly pledge: string | null;
}

/** What else a matcher may know; each absent part is simply not used. */
export interface Knowledge {
  /** References of an entry as a bank would carry them: A–Z, 0–9. */
  readonly referencesOf: (entry: OpenEntry) => readonly string[];
  /** Name of who gave, squeezed; undefined when it is not known. */
  readonly nameOf: (entry: OpenEntry) => string | undefined;
  /** The party that a fingerprint was confirmed for. */
  readonly learned: ReadonlyMap<string, string>;
}

/** Days between a line and its entry within which they are looked for. */
export const WINDOW_DAYS = 7;
/** References shorter than this stand in any text by chance. */
export const REFERENCE_CHARS_MIN = 6;

const daysBefore = (year: number): number =>
  year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
const MONTH_STARTS = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;

/** A day as a count, so that distances are subtractions. */
export function dayNumber(day: Day): number {
  const [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))];
  const before = month > 2 ? daysBefore(year) : daysBefore(year - 1);
  return before + (month > 2 ? 0 : 365) + (MONTH_STARTS[month - 1] ?? 0) + date;
}

/** Days between two days. */
export const daysApart = (a: Day, b: Day): number => Math.abs(dayNumber(a) - dayNumber(b));
