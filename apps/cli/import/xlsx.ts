import { type Result, ok, refuse } from '#kernel';
import { type CellValue, readSheet } from 'read-excel-file/node';
import type { SheetRow } from './csv.ts';
import { XLSX_ENTRIES_MAX, XLSX_UNPACKED_BYTES_MAX } from './limits.ts';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/**
 * What a ZIP says it unpacks to, from its central directory; undefined when it has none. Asked before anything
 * is unpacked, because a small file can hold a huge one.
 */
function unpackedSize(bytes: Uint8Array): { readonly entries: number; readonly bytes: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const earliest = Math.max(0, bytes.length - 22 - 0xffff); // the end record may be followed by a comment
  let end = bytes.length - 22;
  while (end >= earliest && view.getUint32(end, true) !== END_OF_DIRECTORY) end -= 1;
  if (end < earliest) return undefined;
  const entries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  let sum = 0;
  for (let i = 0; i < entries; i += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) return undefined;
    sum += view.getUint32(at + 24, true);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return { entries, bytes: sum };
}

/** A number of a sheet, kept as the file's own digits, so that no amount passes through a float. */
interface SheetNumber {
  readonly digits: string;
}

/** The text a person would have typed: numbers with a decimal comma, dates as ISO days. */
function textOf(cell: CellValue<SheetNumber> | null | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  if (typeof cell === 'object') return plainDigits(cell.digits).replace('.', ',');
  return typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : String(cell);
}

/** Sheets write large numbers as `9.5076E7`; a whole number of at most 15 digits is exact in a double. */
const plainDigits = (digits: string): string =>
  /e/i.test(digits) && Number.isSafeInteger(Number(digits)) ? String(Number(digits)) : digits;

/** Reads the first sheet of an XLSX. Formulas count with the value the spreadsheet stored. */
export async function readXlsx(bytes: Uint8Array): Promise<Result<readonly SheetRow[]>> {
  const size = unpackedSize(bytes);
  if (size === undefined) return refuse('FILE_UNREADABLE', { cause: 'not an XLSX (ZIP) file' });
  if (size.entries > XLSX_ENTRIES_MAX || size.bytes > XLSX_UNPACKED_BYTES_MAX)
    return refuse('FILE_TOO_LARGE');
  try {
    const sheet = await readSheet<SheetNumber>(Buffer.from(bytes), {
      parseNumber: (digits: string) => ({ digits }),
    });
    const rows = sheet.map((cells, i) => ({ row: i + 1, cells: cells.map(textOf) }));
    return ok(rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')));
  } catch (error) {
    return refuse('FILE_UNREADABLE', { cause: error instanceof Error ? error.message : String(error) });
  }
}
