import { type Result, ok, refuse } from '#kernel';
import { parse } from 'csv-parse/sync';
import type { Cell, GridRow } from '../domain/read-statement/grid.ts';
import { CELLS_MAX, ROWS_MAX } from './limits.ts';

const DELIMITERS = [';', '\t', ','] as const;
/** Lines that are looked at to find the delimiter. */
const SAMPLE_LINES = 200;

/** The delimiter that makes the most cells: letterheads have none, and decimal commas are fewer than columns. */
function delimiterOf(text: string): string {
  const sample = text.split(/\r\n|\n|\r/, SAMPLE_LINES);
  const count = (delimiter: string): number =>
    sample.reduce((sum, line) => sum + Math.min(line.split(delimiter).length - 1, CELLS_MAX), 0);
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, cells: count(delimiter) }));
  const [semicolon, tab, comma] = counts;
  // A `;` or tab file has commas in its numbers, so those two win over a comma as soon as they make columns.
  for (const found of [semicolon, tab])
    if (found && found.cells * 3 >= (comma?.cells ?? 0) && found.cells >= 3) return found.delimiter;
  return ',';
}

/** `="00123"` is how a bank keeps Excel from eating zeros: a text, no formula. */
const TEXT_FORMULA = /^="([^"]*)"$/;

/** Splits a CSV into rows. A quote that never closes or a last line cut in its middle is a file cut off. */
export function readCsv(text: string): Result<readonly GridRow[]> {
  const rows: GridRow[] = [];
  try {
    parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: ROWS_MAX + 1,
      // Kept as they come: the parser's own list of records would be a second copy.
      on_record: (cells: string[], { lines }) => {
        const unwrapped = cells.map((cell) =>
          cell.startsWith('="') ? (TEXT_FORMULA.exec(cell)?.[1] ?? cell) : cell,
        );
        rows.push({ row: lines, cells: unwrapped });
        return null;
      },
    });
  } catch (error) {
    const { code } = error as { code?: string };
    return code === 'CSV_QUOTE_NOT_CLOSED' ? refuse('STATEMENT_TRUNCATED') : refuse('STATEMENT_NOT_A_TABLE');
  }
  if (rows.length > ROWS_MAX) return refuse('STATEMENT_TOO_LARGE', { limit: `${ROWS_MAX} rows` });
  const [last, before] = [rows.at(-1), rows.at(-2)];
  if (!/[\r\n]$/.test(text) && last && before && isCut(last.cells, before.cells))
    return refuse('STATEMENT_TRUNCATED');
  for (const { row, cells } of rows) {
    if (cells.length > CELLS_MAX) return refuse('STATEMENT_TOO_LARGE', { limit: `${CELLS_MAX} columns` });
    if (cells.some((cell) => typeof cell === 'string' && /^\s*=/.test(cell)))
      return refuse('STATEMENT_FORMULA', { row: String(row) });
  }
  return ok(rows);
}

/** The last record, without an end of line, has fewer cells than the full one before it. */
const isCut = (last: readonly Cell[], before: readonly Cell[]): boolean =>
  last.length < before.length && before.filter((cell) => cell !== '').length > 3 && last.length > 1;
