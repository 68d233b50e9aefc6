import { type Result, ok, refuse } from '#kernel';
import { parse } from 'csv-parse/sync';
import type { GridRow } from '../domain/read-statement/grid.ts';
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
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      info: true,
      to: ROWS_MAX + 1,
    }) as unknown as typeof records;
  } catch (error) {
    const { code } = error as { code?: string };
    return code === 'CSV_QUOTE_NOT_CLOSED' ? refuse('STATEMENT_TRUNCATED') : refuse('STATEMENT_NOT_A_TABLE');
  }
  if (records.length > ROWS_MAX) return refuse('STATEMENT_TOO_LARGE', { limit: `${ROWS_MAX} rows` });
  const [last, before] = [records.at(-1), records.at(-2)];
  if (!/[\r\n]$/.test(text) && last && before && isCut(last.record, before.record))
    return refuse('STATEMENT_TRUNCATED');
  const rows: GridRow[] = [];
  for (const { record, info } of records) {
    if (record.length > CELLS_MAX) return refuse('STATEMENT_TOO_LARGE', { limit: `${CELLS_MAX} columns` });
    const cells = record.map((cell) => TEXT_FORMULA.exec(cell)?.[1] ?? cell);
    if (cells.some((cell) => cell.trimStart().startsWith('=')))
      return refuse('STATEMENT_FORMULA', { row: String(info.lines) });
    rows.push({ row: info.lines, cells });
  }
  return ok(rows);
}

/** The last record, without an end of line, has fewer cells than the full one before it. */
const isCut = (last: readonly string[], before: readonly string[]): boolean =>
  last.length < before.length && before.filter((cell) => cell !== '').length > 3 && last.length > 1;
