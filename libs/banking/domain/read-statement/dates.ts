import { type Day, type Result, daysInMonth, isDay, ok, refuse } from '#kernel';
import { type Cell, textOf } from './grid.ts';

/** Whether `01/02/2026` is the first of February or the second of January. */
export type DayOrder = 'day-first' | 'month-first';

const NUMERIC = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)/;
const ISO = /^(\d{4})[-/](\d{2})[-/](\d{2})(?!\d)/;
const NAMED = /^(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})(?!\d)/;
const TIME = /^[T\s]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AP]M)?\s*/i;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

const iso = (year: number, month: number, day: number): Day =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** Two digits of a year are of this century: banks' electronic statements are not older. */
const fullYear = (text: string): number => (text.length === 2 ? 2_000 + Number(text) : Number(text));

/** The order that all dates of a column share; day first, as in Vietnam, where none of them tells. */
export function dayOrderOf(cells: readonly Cell[]): Result<DayOrder> {
  let dayFirst = false;
  let monthFirst = false;
  for (const cell of cells) {
    const [, first = '0', second = '0'] = NUMERIC.exec(textOf(cell)) ?? [];
    dayFirst ||= Number(first) > 12;
    monthFirst ||= Number(second) > 12;
  }
  if (dayFirst && monthFirst) return refuse('STATEMENT_DATES_MIXED');
  return ok(monthFirst ? 'month-first' : 'day-first');
}

/** Days that Excel counts to 1970-01-01; its leap year 1900 is long past. */
const EXCEL_EPOCH_DAYS = 25_569;
/** Serial numbers of 1990 to 2100: anything else in a column of dates is no day. */
const SERIAL_MIN = 32_874;
const SERIAL_MAX = 73_415;

/** Day number since 1970-01-01 to a day of the calendar, by counting years and months. */
function dayOfNumber(days: number): Day {
  let left = days;
  let year = 1970;
  const lengthOf = (y: number): number => (daysInMonth(y, 2) === 29 ? 366 : 365);
  while (left >= lengthOf(year)) left -= lengthOf(year++);
  let month = 1;
  while (left >= daysInMonth(year, month)) left -= daysInMonth(year, month++);
  return iso(year, month, left + 1);
}

/** The day a cell begins with, and what stands behind it besides the time of day: the document number in one cell with it. */
export function readDay(
  cell: Cell | undefined,
  order: DayOrder,
): { readonly day: Day; readonly rest: string } | undefined {
  if (typeof cell === 'object' && 'day' in cell) return { day: cell.day, rest: '' };
  const text = textOf(cell);
  const serial = Number(/^\d{5}(?:\.\d+)?$/.exec(text)?.[0] ?? Number.NaN);
  if (serial >= SERIAL_MIN && serial < SERIAL_MAX)
    return { day: dayOfNumber(Math.floor(serial) - EXCEL_EPOCH_DAYS), rest: '' };
  if (typeof cell === 'object') return undefined;
  const found = dayAt(text, order);
  if (!found || !isDay(found.day)) return undefined;
  const rest = text.slice(found.length).replace(TIME, '');
  return { day: found.day, rest: rest.replace(/^[\s\-–/|]+/, '').trim() };
}

function dayAt(text: string, order: DayOrder): { readonly day: Day; readonly length: number } | undefined {
  const written = ISO.exec(text);
  if (written) return { day: `${written[1]}-${written[2]}-${written[3]}`, length: written[0].length };
  const numeric = NUMERIC.exec(text);
  if (numeric) {
    const [whole, first = '', second = '', year = ''] = numeric;
    const [day, month] = order === 'day-first' ? [first, second] : [second, first];
    return { day: iso(fullYear(year), Number(month), Number(day)), length: whole.length };
  }
  const named = NAMED.exec(text);
  if (!named) return undefined;
  const [whole, day = '', month = '', year = ''] = named;
  return {
    day: iso(Number(year), MONTHS.indexOf(month.toLowerCase()) + 1, Number(day)),
    length: whole.length,
  };
}
