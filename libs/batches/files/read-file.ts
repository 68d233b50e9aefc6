import { readFile, readdir, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { type CommodityCode, type Refusal, type Result, isCurrency, ok, refuse } from '#kernel';
import { amount, fold } from './cells.ts';
import { type SheetRow, readCsv } from './csv.ts';
import type { CellRefusal, Kind } from './kind.ts';
import { kinds } from './kinds/index.ts';
import { readNdjson } from './ndjson.ts';
import { FILE_BYTES_MAX, ROWS_MAX } from './limits.ts';
import { moneyOf } from './shared.ts';
import { readXlsx } from './xlsx.ts';

/** A row whose cells stand under the names of their columns, or why there is none. */
export interface ReadRow {
  readonly row: number;
  readonly cells: Result<ReadonlyMap<string, string>, CellRefusal>;
}

/** An import file found in a folder; `kind` undefined: its name says nothing to us. */
export interface FoundFile {
  readonly file: string;
  readonly kind: Kind | undefined;
}

/** The header of a column in the language of the file is not known, or stands there twice, or is missing. */
type Header = readonly (string | null)[];

/** Names of files that are read; what is in them, their first bytes tell. */
const EXTENSIONS: ReadonlySet<string> = new Set(['.csv', '.xlsx']);

/** What a person wrote into the file as its totals. */
export interface StatedTotals {
  readonly count: number | null;
  readonly sums: ReadonlyMap<CommodityCode, bigint>;
}

/** The rows of a file, and the totals it states of them; null: it states none. */
export interface ReadTable {
  readonly rows: readonly ReadRow[];
  readonly totals: StatedTotals | null;
}

/** `01-tiep-nhan-quy1.csv` is `tiep-nhan`: an ordering number before and anything after the name may stand there. */
function kindOf(file: string): Kind | undefined {
  const name = fold(file.slice(0, -extname(file).length)).replace(/^\d+-/, '');
  const named = (word: string): boolean => name === word || name.startsWith(`${word}-`);
  return kinds.find(({ files }) => named(files.vi) || named(files.en));
}

/**
 * The CSV and XLSX files of a folder in the order they are imported: by kind, then by name. Files of no known
 * kind come last, so that the report can say so. What a spreadsheet leaves behind (`~$…`) and hidden files are none.
 */
export async function findFiles(folder: string): Promise<FoundFile[]> {
  const names = (await readdir(folder)).filter(
    (file) => EXTENSIONS.has(extname(file).toLowerCase()) && !/^[.~]/.test(file),
  );
  const rank = ({ kind }: FoundFile): number => (kind ? kinds.indexOf(kind) : kinds.length);
  return names
    .map((file) => ({ file, kind: kindOf(file) }))
    .toSorted((a, b) => rank(a) - rank(b) || (a.file < b.file ? -1 : 1));
}

/** Reads a file of a known kind. Refuses the whole file for what spoils every row: encoding, size, headers. */
export async function readImportFile(path: string, kind: Kind): Promise<Result<ReadTable, CellRefusal>> {
  if ((await stat(path)).size > FILE_BYTES_MAX)
    return whole({ code: 'FILE_TOO_LARGE', details: { limit: `${FILE_BYTES_MAX / 1024 / 1024} MB` } });
  return readTable(await readFile(path), kind);
}

const whole = (error: Refusal): { readonly ok: false; readonly error: CellRefusal } => ({
  ok: false,
  error: { ...error, column: null },
});

/** Reads rows out of bytes: an XLSX by its first bytes, NDJSON when it begins with an object, else CSV. */
export async function readTable(bytes: Uint8Array, kind: Kind): Promise<Result<ReadTable, CellRefusal>> {
  const begins = (...prefix: readonly number[]): boolean => prefix.every((byte, at) => bytes[at] === byte);
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) return whole({ code: 'FILE_UNREADABLE', details: { cause: 'XLS' } });
  if (begins(0x25, 0x50, 0x44, 0x46)) return whole({ code: 'FILE_UNREADABLE', details: { cause: 'PDF' } });
  const isXlsx = begins(0x50, 0x4b);
  const rows = isXlsx ? await readXlsx(bytes) : isObject(bytes) ? readNdjson(bytes) : readCsv(bytes);
  if (!rows.ok) return whole(rows.error);
  if (rows.value.length > ROWS_MAX)
    return whole({ code: 'FILE_TOO_LARGE', details: { limit: `${ROWS_MAX} rows` } });
  const [first, ...data] = rows.value;
  const header = readHeader(first?.cells ?? [], kind);
  if (!header.ok) return whole(header.error);
  const read = data.map((row) => ({ row: row.row, cells: cellsOf(row, header.value) }));
  return splitTotals(read);
}

/** A row whose ref is `Tổng cộng`, `Tổng` or `Total`, with the number of rows or without. */
const TOTALS = /^(?:tong-cong|tong|total|totals)(?:-(\d{1,7}))?$/;

/** Takes the rows of totals out of a table. */
function splitTotals(read: readonly ReadRow[]): Result<ReadTable, CellRefusal> {
  const rows: ReadRow[] = [];
  const sums = new Map<CommodityCode, bigint>();
  let count: number | null = null;
  let isStated = false;
  for (const row of read) {
    const cells = row.cells.ok ? row.cells.value : undefined;
    const total = TOTALS.exec(fold(cells?.get('ref') ?? ''));
    if (!cells || !total) {
      rows.push(row);
      continue;
    }
    isStated = true;
    if (total[1] !== undefined) count = Number(total[1]);
    const money = moneyIn(cells);
    if (money === null) continue;
    if (!money.ok) return money;
    const { commodity, amount: sum } = money.value;
    if (sums.has(commodity)) return whole({ code: 'BATCH_TOTALS_TWICE', details: { of: commodity } });
    sums.set(commodity, BigInt(sum));
  }
  return ok({ rows, totals: isStated ? { count, sums } : null });
}

/** The money or goods of a row, in minor units; null: its amount is empty. */
export function moneyIn(
  cells: ReadonlyMap<string, string>,
): Result<{ readonly commodity: string; readonly amount: string }, CellRefusal> | null {
  const written = cells.get('amount');
  if (written === undefined) return null;
  const read = amount(written);
  if (!read.ok) return { ok: false, error: { ...read.error, column: 'amount' } };
  const commodity = cells.get('commodity') ?? null;
  const decimals = cells.get('decimals');
  const isGood = commodity !== null && !isCurrency(commodity);
  const counted = isGood && decimals !== undefined && /^[0-6]$/.test(decimals) ? Number(decimals) : null;
  return moneyOf('amount', read.value, { commodity, decimals: counted });
}

const isObject = (bytes: Uint8Array): boolean =>
  /^\ufeff?\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 100)));

/** Names the columns by their Vietnamese or English headers, whatever their case, marks and order. */
function readHeader(cells: readonly string[], { columns }: Kind): Result<Header> {
  const byHeader = new Map(
    Object.entries(columns).flatMap(([name, { vi, en }]) =>
      [vi, en, `${vi} ${en}`].map((title) => [fold(title), name] as const),
    ),
  );
  const header: (string | null)[] = [];
  for (const cell of cells) {
    const name = byHeader.get(fold(cell)) ?? null;
    if (name === null && cell.trim() !== '')
      return refuse('COLUMN_UNKNOWN', { column: cell.trim().slice(0, 80) });
    if (name !== null && header.includes(name)) return refuse('COLUMN_REPEATED', { column: cell.trim() });
    header.push(name);
  }
  const missing = Object.entries(columns).find(([name, { required }]) => required && !header.includes(name));
  return missing ? refuse('COLUMN_MISSING', { column: `${missing[1].vi} / ${missing[1].en}` }) : ok(header);
}

function cellsOf({ cells }: SheetRow, header: Header): Result<ReadonlyMap<string, string>, CellRefusal> {
  const malformed = { ok: false, error: { code: 'ROW_MALFORMED', details: {}, column: null } } as const;
  if (cells === null) return malformed;
  const named = new Map<string, string>();
  for (const [i, cell] of cells.entries()) {
    const text = cell.normalize('NFC').trim();
    const name = header[i];
    if (text === '') continue;
    if (!name) return malformed; // something stands under no header
    if (text.startsWith('='))
      return { ok: false, error: { code: 'CELL_FORMULA', details: {}, column: name } };
    named.set(name, text);
  }
  return ok(named);
}
