import { type Result, ok, refuse } from '#kernel';
import { type Cell, inWordsOf, readXlsx as readSheet } from '#sheets';
import type { SheetRow } from './csv.ts';

/** The text a person would have typed: numbers with a decimal comma, dates as ISO days. */
const textOf = (cell: Cell): string =>
  typeof cell === 'string' ? cell : 'day' in cell ? cell.day : cell.digits.replace('.', ',');

/** What every ZIP begins with. */
const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Reads the first sheet of an XLSX. A formula is refused: a figure is what a person typed. */
export async function readXlsx(bytes: Uint8Array): Promise<Result<readonly SheetRow[]>> {
  if (!isZip(bytes)) return refuse('FILE_UNREADABLE', { cause: 'not an XLSX (ZIP) file' });
  const sheet = inWordsOf('FILE', await readSheet(bytes));
  if (!sheet.ok) return sheet;
  const rows = sheet.value.map(({ row, cells }) => ({ row, cells: cells.map(textOf) }));
  return ok(rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')));
}
