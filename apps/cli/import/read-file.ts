import { readFile, readdir, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Refusal, type Result, ok, refuse } from '#kernel';
import { fold } from './cells.ts';
import { type SheetRow, readCsv } from './csv.ts';
import type { CellRefusal, Kind } from './kind.ts';
import { kinds } from './kinds/index.ts';
import { FILE_BYTES_MAX, ROWS_MAX } from './limits.ts';
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

const READERS: Readonly<
  Record<string, (bytes: Uint8Array) => Result<readonly SheetRow[]> | Promise<Result<readonly SheetRow[]>>>
> = {
  '.csv': readCsv,
  '.xlsx': readXlsx,
};

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
    (file) => extname(file).toLowerCase() in READERS && !/^[.~]/.test(file),
  );
  const rank = ({ kind }: FoundFile): number => (kind ? kinds.indexOf(kind) : kinds.length);
  return names
    .map((file) => ({ file, kind: kindOf(file) }))
    .toSorted((a, b) => rank(a) - rank(b) || (a.file < b.file ? -1 : 1));
}

/** Reads a file of a known kind. Refuses the whole file for what spoils every row: encoding, size, headers. */
export async function readImportFile(
  path: string,
  kind: Kind,
): Promise<Result<readonly ReadRow[], CellRefusal>> {
  const whole = (error: Refusal): { readonly ok: false; readonly error: CellRefusal } => ({
    ok: false,
    error: { ...error, column: null },
  });
  if ((await stat(path)).size > FILE_BYTES_MAX) return whole({ code: 'FILE_TOO_LARGE', details: {} });
  const rows = await READERS[extname(path).toLowerCase()]?.(await readFile(path));
  if (!rows?.ok) return whole(rows?.error ?? { code: 'FILE_UNREADABLE', details: { cause: extname(path) } });
  if (rows.value.length > ROWS_MAX) return whole({ code: 'FILE_TOO_LARGE', details: {} });
  const [first, ...data] = rows.value;
  const header = readHeader(first?.cells ?? [], kind);
  if (!header.ok) return whole(header.error);
  return ok(data.map((row) => ({ row: row.row, cells: cellsOf(row, header.value) })));
}

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
    named.set(name, text);
  }
  return ok(named);
}
