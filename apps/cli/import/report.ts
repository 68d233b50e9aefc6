import type { RefusalTable } from '#kernel';
import { type CellRefusal, type FileFates, type RowFate, explain } from '#batches';
import { type Format, type OutputTable, asTable, render } from '../output.ts';

const FATES = {
  recorded: { vi: 'đã ghi', en: 'recorded' },
  there: { vi: 'đã có', en: 'already there' },
  refused: { vi: 'bị từ chối', en: 'refused' },
  'not-tried': { vi: 'chưa thử', en: 'not tried' },
} as const;

/** How many rows met each fate; a file that was not read counts as one refusal. */
export function countFates(files: readonly FileFates[]): {
  recorded: number;
  there: number;
  refused: number;
} {
  const counts = { recorded: 0, there: 0, refused: 0 };
  for (const { refusal, rows } of files) {
    if (refusal !== null) counts.refused += 1;
    // An import tries every row.
    for (const { fate } of rows) if (fate !== 'not-tried') counts[fate] += 1;
  }
  return counts;
}

/** Rows next to each other with the same fate, which one line of the table tells. */
function runs(
  rows: readonly RowFate[],
): { readonly first: RowFate; readonly last: RowFate; count: number }[] {
  const found: { first: RowFate; last: RowFate; count: number }[] = [];
  for (const row of rows) {
    const current = found.at(-1);
    if (current && row.fate !== 'refused' && current.last.fate === row.fate) {
      current.last = row;
      current.count += 1;
    } else found.push({ first: row, last: row, count: 1 });
  }
  return found;
}

const LINES: OutputTable['columns'] = [
  { key: 'file', vi: 'Tệp', en: 'File' },
  { key: 'row', vi: 'Dòng', en: 'Row' },
  { key: 'ref', vi: 'Số tham chiếu', en: 'Ref' },
  { key: 'fate', vi: 'Kết quả', en: 'Fate' },
  { key: 'why', vi: 'Lý do và việc cần làm', en: 'Why, and what to do' },
];

/** The fate of every row; rows in a row with the same good fate share a line. */
function forPeople(files: readonly FileFates[], refusals: RefusalTable): string {
  const rows = files.flatMap(({ file, kind, refusal, rows: fates }) => {
    const why = (given: CellRefusal | null, row?: RowFate): string => {
      if (given === null) return '';
      const { code, column, vi, en, nextVi, nextEn } = explain(given, kind, refusals);
      const at =
        row?.stoppedAt && row.done.length > 0 ? ` (${row.done.join(', ')} ✓, ${row.stoppedAt} ✗)` : '';
      const told = [sentences(vi, nextVi), sentences(en, nextEn)].join('\n');
      return `${code}${whereOf(column, given)}${at}\n${told}`;
    };
    if (refusal !== null) return [{ file, row: '', ref: '', fate: both('refused'), why: why(refusal) }];
    return runs(fates).map(({ first, last, count }) => ({
      file,
      row: count === 1 ? String(first.row) : `${first.row}–${last.row} (${count})`,
      ref: count === 1 ? (first.ref ?? '') : `${first.ref ?? ''} … ${last.ref ?? ''}`,
      fate: both(first.fate),
      why: why(first.refusal, first),
    }));
  });
  const { recorded, there, refused } = countFates(files);
  return (
    asTable({ columns: LINES, rows: rows.map((row) => ({ ...row, why: wrap(row.why) })) }) +
    `${recorded} đã ghi / recorded · ${there} đã có / already there · ${refused} bị từ chối / refused\n`
  );
}

/** The column of a refused cell, or the field of a refused body. */
const whereOf = (column: string | null, { details: { pointer } }: CellRefusal): string =>
  column !== null ? ` [${column}]` : pointer ? ` [${pointer}]` : '';

/** Two sentences, whether or not the first ends with its full stop. */
const sentences = (first: string, next: string): string => `${first.replace(/\.$/, '')}. ${next}`;

const both = (fate: keyof typeof FATES): string => `${FATES[fate].vi}\n${FATES[fate].en}`;

const WHY_WIDTH = 64;

/** Breaks lines at spaces so that the table fits a terminal. */
const wrap = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(new RegExp(`(.{1,${WHY_WIDTH}})(\\s+|$)`, 'gu'), '$1\n').trimEnd())
    .join('\n');

/** The report of an import: the fate of every row, each refusal in both languages. */
export function renderReport(format: Format, files: readonly FileFates[], refusals: RefusalTable): string {
  if (format === 'table') return forPeople(files, refusals);
  const flat = files.flatMap(({ file, kind, refusal, rows }) => {
    const base = { file, kind: kind?.name ?? null };
    const line = (row: number | null, ref: string | null, fate: string, given: CellRefusal | null) => {
      const { code, column, vi, en } = given ? explain(given, kind, refusals) : NOTHING;
      return { ...base, row, ref, fate, code, column, vi, en };
    };
    if (refusal !== null) return [{ ...line(null, null, 'refused', refusal), done: '', stoppedAt: null }];
    return rows.map(({ row, ref, fate, done, stoppedAt, refusal: given }) => ({
      ...line(row, ref, fate, given),
      done: done.join(' '),
      stoppedAt,
    }));
  });
  const columns = CSV_COLUMNS.map((key) => ({ key, vi: key, en: key, numeric: key === 'row' }));
  return render(format, { columns, rows: flat }, { ...countFates(files), rows: flat });
}

const NOTHING = { code: null, column: null, vi: null, en: null };
const CSV_COLUMNS = ['file', 'kind', 'row', 'ref', 'fate', 'done', 'stoppedAt', 'code', 'column', 'vi', 'en'];
