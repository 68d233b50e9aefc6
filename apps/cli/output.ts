import { formatVietnamese } from '#kernel';
import Table from 'cli-table3';

/** How results are written: for people, for programs, for spreadsheets. */
export const FORMATS = ['table', 'json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export interface OutputColumn {
  readonly key: string;
  readonly vi: string;
  readonly en: string;
  /** Numbers stand on the right; in CSV they are never quoted or escaped. */
  readonly numeric?: boolean;
}

export type OutputCell = string | number | bigint | null;

export interface OutputTable {
  readonly columns: readonly OutputColumn[];
  readonly rows: readonly Readonly<Record<string, OutputCell | undefined>>[];
}

/** A cell as people read it: whole numbers in groups, text as it is. */
const shown = (cell: OutputCell): string =>
  typeof cell === 'bigint' ? formatVietnamese(cell, 0) : String(cell ?? '');

/** A table with Vietnamese headers and the English ones below them. */
export function asTable({ columns, rows }: OutputTable): string {
  const table = new Table({
    head: columns.map(({ vi, en }) => (vi === en ? vi : `${vi}\n${en}`)),
    colAligns: columns.map(({ numeric }) => (numeric ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(columns.map(({ key }) => shown(row[key] ?? null)));
  return `${table.toString()}\n`;
}

const NUMBER = /^-?\d+(\.\d+)?$/;
/** What a spreadsheet takes for a formula at the beginning of a cell, with the full-width twins. */
const FORMULA = /^[=+\-@\t\r\0\uff1d\uff0b\uff0d\uff20]/;

/**
 * One CSV cell (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe in front;
 * a numeric column passes plain numbers, so that negative amounts stay numbers.
 */
export function csvCell(cell: OutputCell, numeric: boolean): string {
  const text = cell === null ? '' : String(cell);
  if (numeric && NUMBER.test(text)) return text;
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** CSV with a header line of the column keys. */
export const asCsv = ({ columns, rows }: OutputTable): string =>
  [
    columns.map(({ key }) => key).join(','),
    ...rows.map((row) =>
      columns.map(({ key, numeric }) => csvCell(row[key] ?? null, numeric ?? false)).join(','),
    ),
    '',
  ].join('\r\n');

/** JSON with amounts as decimal strings; bigint has no JSON number. */
export const asJson = (value: unknown): string =>
  `${JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? String(member) : member), 2)}\n`;

/** Writes a result in the chosen format; `value` is what JSON shows, the rows when absent. */
export const render = (format: Format, table: OutputTable, value: unknown = table.rows): string =>
  format === 'json' ? asJson(value) : format === 'csv' ? asCsv(table) : asTable(table);
