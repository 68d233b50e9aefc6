import { formatUnits } from '#kernel';
import type { Book, BookCell, BookColumn, BookRow } from '../book.ts';

const NUMBER = /^-?\d+(\.\d+)?$/;
/** What a spreadsheet takes for a formula at the beginning of a cell, with the full-width twins. */
const FORMULA = /^[=+\-@\t\r\0\uff1d\uff0b\uff0d\uff20]/;

/** One cell (RFC 4180). Text a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers. */
const csvCell = (text: string, isNumber: boolean): string => {
  if (isNumber && NUMBER.test(text)) return text;
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A cell as programs read it: amounts in whole units with a decimal point. */
export function plainCell(cell: BookCell | undefined, { kind }: BookColumn, exponent: number): string {
  if (cell === null || cell === undefined) return '';
  return kind === 'amount' && typeof cell === 'bigint' ? formatUnits(cell, exponent) : String(cell);
}

/** A book as CSV, line by line, with a column for the kind of row: what is a total is never read as an entry. */
export function* csvLines(book: Book): Generator<string> {
  const { columns, exponents } = book;
  yield `${['row', ...columns.map(({ key }) => key)].join(',')}\r\n`;
  const write = ({ kind, cells, commodity }: BookRow): string => {
    const exponent = exponents[commodity] ?? 0;
    const written = columns.map((column) =>
      csvCell(
        plainCell(cells[column.key], column, exponent),
        column.kind === 'amount' || column.kind === 'count',
      ),
    );
    return `${[kind, ...written].join(',')}\r\n`;
  };
  for (const row of book.rows) yield write(row);
  for (const row of book.totals) yield write(row);
}
