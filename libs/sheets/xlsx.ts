import { type Result, ok, refuse } from '#kernel';
import { type CellValue, readSheet } from 'read-excel-file/node';
import type { Cell, GridRow } from './grid.ts';
import { CELLS_MAX, ROWS_MAX } from './limits.ts';
import { unzip } from './zip.ts';

const isSheet = (name: string): boolean => /^xl\/worksheets\/[^/]+\.xml$/.test(name);
const isXml = (name: string): boolean => /\.(?:xml|rels)$/.test(name);
/** A formula of a cell: `<f>…</f>`, with or without a prefix. */
const FORMULA = /<(?:\w{1,20}:)?f[\s>/]/;
/** The cell that the formula stands in, for the message. */
const CELL_BEFORE = /<(?:\w{1,20}:)?c\s[^>]*\br="([A-Z]{1,3}\d{1,7})"/g;
/** Characters before a formula that are searched for the name of its cell. */
const BEFORE_CHARS = 500;

interface SheetNumber {
  readonly digits: string;
}

/** Sheets write large numbers as `9.5076E7`; a whole number of at most 15 digits is exact in a double. */
const plainDigits = (digits: string): string =>
  /e/i.test(digits) && Number.isSafeInteger(Number(digits)) ? String(Number(digits)) : digits;

function cellOf(cell: CellValue<SheetNumber> | null | undefined): Cell {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return { day: cell.toISOString().slice(0, 10) };
  if (typeof cell === 'object') return { digits: plainDigits(cell.digits) };
  return String(cell);
}

/**
 * Reads the first sheet of an XLSX. Sizes are checked before anything is unpacked. A formula is refused: what it
 * shows was worked out by somebody's spreadsheet, and a bank writes figures.
 */
export async function readXlsx(bytes: Uint8Array): Promise<Result<readonly GridRow[]>> {
  const entries = unzip(bytes, isXml);
  if (!entries.ok) return entries;
  if (![...entries.value.keys()].some(isSheet)) return refuse('SHEET_NOT_A_TABLE');
  for (const [name, entry] of entries.value) {
    const text = new TextDecoder().decode(entry);
    if (/<!DOCTYPE/i.test(text)) return refuse('SHEET_DOCTYPE');
    const at = isSheet(name) ? text.search(FORMULA) : -1;
    if (at < 0) continue;
    const before = text.slice(Math.max(0, at - BEFORE_CHARS), at);
    const cell = [...before.matchAll(CELL_BEFORE)].at(-1)?.[1] ?? '?';
    return refuse('SHEET_FORMULA', { row: cell });
  }
  try {
    const sheet = await readSheet<SheetNumber>(Buffer.from(bytes), {
      parseNumber: (digits: string) => ({ digits }),
    });
    if (sheet.length > ROWS_MAX) return refuse('SHEET_TOO_LARGE', { limit: `${ROWS_MAX} rows` });
    if (sheet.some((cells) => cells.length > CELLS_MAX))
      return refuse('SHEET_TOO_LARGE', { limit: `${CELLS_MAX} columns` });
    return ok(sheet.map((cells, i) => ({ row: i + 1, cells: cells.map(cellOf) })));
  } catch {
    return refuse('SHEET_TRUNCATED');
  }
}
