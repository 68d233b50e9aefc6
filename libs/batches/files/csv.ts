import { type Result, ok, refuse } from '#kernel';
import { decodeText } from '#sheets';
import { parse } from 'csv-parse/sync';
import { RECORD_LINES_MAX } from './limits.ts';

/** One record of a file with the number a person finds it by: the line of a CSV, the row of a sheet. */
export interface SheetRow {
  readonly row: number;
  /** Null: the row is no CSV and says nothing that could be trusted. */
  readonly cells: readonly string[] | null;
}

const DELIMITERS = [',', ';', '\t'] as const;

const record = (lines: string, delimiter: string): readonly string[] | null => {
  try {
    const records: string[][] = parse(lines, { delimiter, relax_column_count: true, skip_empty_lines: true });
    return records.length === 1 ? (records[0] ?? null) : null;
  } catch {
    return null;
  }
};

/** The delimiter that makes the most cells of the header line; Excel writes `;` where the comma is for decimals. */
const delimiterOf = (header: string): string =>
  DELIMITERS.map((delimiter) => ({ delimiter, cells: record(header, delimiter)?.length ?? 0 })).reduce(
    (best, next) => (next.cells > best.cells ? next : best),
  ).delimiter;

const quotes = (line: string): number => line.split('"').length - 1;

/**
 * Splits a CSV (RFC 4180; comma, semicolon or tab) into rows. A record begins on a line and goes on while a
 * quote is open; one that is no CSV, or that has not as many cells as the header, spoils its first line only
 * and reading goes on with the next. Blank lines are skipped. Refuses bytes that are neither UTF-8
 * nor UTF-16 with its mark, and text whose letters were lost before.
 */
export function readCsv(bytes: Uint8Array): Result<readonly SheetRow[]> {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return refuse('FILE_NOT_UTF8');
  const text = decoded.value;
  const lines = text.split(/\r\n|\n|\r/);
  const delimiter = delimiterOf(lines.find((line) => line.trim() !== '') ?? '');
  const rows: SheetRow[] = [];
  let width: number | undefined;
  for (let at = 0; at < lines.length;) {
    let open = quotes(lines[at] ?? '') % 2;
    let end = at + 1;
    while (open === 1 && end < lines.length && end - at < RECORD_LINES_MAX) {
      open = (open + quotes(lines[end] ?? '')) % 2;
      end += 1;
    }
    const whole = lines.slice(at, end).join('\n');
    if (whole.trim() === '') {
      at = end;
      continue;
    }
    const cells = record(whole, delimiter);
    const good = cells !== null && (width === undefined || cells.length === width);
    if (good) width ??= cells.length;
    rows.push({ row: at + 1, cells: good ? cells : null });
    at = good ? end : at + 1;
  }
  return ok(rows);
}
