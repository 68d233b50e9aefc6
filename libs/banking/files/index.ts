import { type Result, refuse } from '#kernel';
import { decodeText, inWordsOf, readXlsx } from '#sheets';
import type { GridRow } from '../domain/read-statement/grid.ts';
import { type ReadGrid, readGrid } from '../domain/read-statement/read-grid.ts';
import type { ReadStatement, StatementFormat } from '../domain/statement.ts';
import { readCamt } from './camt.ts';
import { readCsv } from './csv.ts';
import { readHtml } from './html.ts';
import { readMt940 } from './mt940.ts';

export type ReadFile = Omit<ReadGrid, 'format'>;

const starts = (bytes: Uint8Array, ...prefix: readonly number[]): boolean =>
  prefix.every((byte, i) => bytes[i] === byte);

/** First characters of a text that are looked at to tell what it is. */
const HEAD_CHARS = 4_000;

/** What a text is, by how it begins; a table of text when nothing else fits. */
function formatOf(text: string): Exclude<StatementFormat, 'xlsx'> {
  const head = text.slice(0, HEAD_CHARS).trimStart();
  if (/^(?:\{1:|:20:)/.test(head) || /^:20:.*[\s\S]*^:60[FM]:/m.test(head)) return 'mt940';
  if (/^<(?:!doctype\s+html|html|head|body|meta|table|div|style)\b/i.test(head)) return 'html';
  if (/^<\?xml[^>]*>\s*(?:<!--[\s\S]*?-->\s*)?<(?:!doctype\s+html|html)\b/i.test(head)) return 'html';
  return head.startsWith('<') ? 'camt.053' : 'csv';
}

const asTable =
  (read: (text: string) => Result<readonly GridRow[]>, format: StatementFormat) =>
  (text: string, options: ReadFile): Result<readonly ReadStatement[]> => {
    const grid = read(text);
    return grid.ok ? readGrid(grid.value, { ...options, format }) : grid;
  };

const READERS: Readonly<
  Record<
    Exclude<StatementFormat, 'xlsx'>,
    (text: string, options: ReadFile) => Result<readonly ReadStatement[]>
  >
> = {
  csv: asTable(readCsv, 'csv'),
  html: asTable(readHtml, 'html'),
  'camt.053': readCamt,
  mt940: readMt940,
};

/**
 * Reads a bank file, whatever it is called: its first bytes tell what it is. Every account in it is a statement.
 * No I/O; refusals say what a person can do, and nothing of a refused file is used.
 */
export async function readStatementFile(
  bytes: Uint8Array,
  options: ReadFile,
): Promise<Result<readonly ReadStatement[]>> {
  if (bytes.length === 0) return refuse('STATEMENT_EMPTY');
  if (starts(bytes, 0x50, 0x4b)) {
    const grid = inWordsOf('STATEMENT', await readXlsx(bytes));
    return grid.ok ? readGrid(grid.value, { ...options, format: 'xlsx' }) : grid;
  }
  if (starts(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return refuse('STATEMENT_OLD_EXCEL');
  if (starts(bytes, 0x25, 0x50, 0x44, 0x46)) return refuse('STATEMENT_IS_PDF');
  const text = inWordsOf('STATEMENT', decodeText(bytes));
  if (!text.ok) return text;
  if (text.value.trim() === '') return refuse('STATEMENT_EMPTY');
  const read = READERS[formatOf(text.value)](text.value, options);
  return read.ok && read.value.length === 0 ? refuse('STATEMENT_EMPTY') : read;
}
