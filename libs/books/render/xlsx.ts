import { formatUnits, formatVietnamese } from '#kernel';
import writeXlsxFile, { type CellObject, type Row, type SheetData } from 'write-excel-file/node';
import type { Book, BookCell, BookColumn, BookRow } from '../book.ts';

/** A double holds whole numbers of this many digits exactly; longer ones are written as text. */
const EXACT_DIGITS = 15;
/** Vietnamese separators wherever the sheet is opened (LCID 0x042A). */
const LOCALE = '[$-42A]';
const DAY_FORMAT = 'dd/mm/yyyy';
const COLUMN_WIDTH = 14;

/** How amounts with so many decimals are shown. */
const amountFormat = (exponent: number): string =>
  `${LOCALE}#,##0${exponent === 0 ? '' : `.${'0'.repeat(exponent)}`}`;

/** Text is text: whatever a cell begins with, nothing here is ever a formula. */
const textCell = (value: string, style: Partial<CellObject> = {}): CellObject => ({
  value,
  type: String,
  ...style,
});

function cellOf(
  cell: BookCell | undefined,
  column: BookColumn,
  exponent: number,
  style: Partial<CellObject>,
): CellObject | null {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'bigint' || typeof cell === 'number') {
    const places = column.kind === 'amount' ? exponent : 0;
    const units = formatUnits(BigInt(cell), places);
    return units.replace(/\D/g, '').length <= EXACT_DIGITS
      ? { value: Number(units), type: Number, format: amountFormat(places), ...style }
      : textCell(formatVietnamese(BigInt(cell), places), { align: 'right', ...style });
  }
  if (column.kind === 'day')
    return { value: new Date(`${cell}T00:00:00Z`), type: Date, format: DAY_FORMAT, ...style };
  return textCell(cell, style);
}

const BOLD = { fontWeight: 'bold' } as const;

const rowOf = ({ columns, exponents }: Book, { kind, cells, commodity }: BookRow): Row =>
  columns.map((column) =>
    cellOf(
      cells[column.key],
      column,
      exponents[commodity] ?? 0,
      kind === 'line' || kind === 'note' ? {} : BOLD,
    ),
  );

/** Titles of columns in one row, or in two where columns stand in groups. */
function titlesOf({ columns }: Book): Row[] {
  const title = (text: string): CellObject => textCell(text, { ...BOLD, align: 'center', wrap: true });
  const names = columns.map(({ vi }) => title(vi));
  if (columns.every(({ group }) => group === undefined)) return [names];
  const groups = columns.map(({ group }, at): CellObject | null =>
    group === undefined || columns[at - 1]?.group?.vi === group.vi ? null : title(group.vi),
  );
  return [groups, names];
}

/** A book as an XLSX file: amounts are numbers with a format, days are dates, all else is text. */
export async function xlsxOf(book: Book): Promise<Buffer> {
  const { title, unit, period, facts, columns, rows, totals, signatures, notes, form } = book;
  const head: SheetData = [
    [textCell(`Đơn vị: ${unit.name}`)],
    ...(form === null ? [] : [[textCell(`Mẫu số: ${form.code}${form.confirm ? ' (cần xác nhận)' : ''}`)]]),
    [textCell(title.vi, { ...BOLD, fontSize: 14 })],
    [textCell(`Từ ngày ${vietnameseDay(period.from)} đến ngày ${vietnameseDay(period.to)}`)],
    ...facts.map(({ label, value }) => [textCell(`${label.vi}: ${value}`)]),
    [null],
  ];
  const tail: SheetData = [
    [null],
    ...notes.map(({ vi }) => [textCell(vi)]),
    [textCell(`Số liệu đến vị trí ${book.knownAt}`)],
    [null],
    signatures.map(({ vi }) => textCell(vi, BOLD)),
  ];
  const body = [...rows, ...totals].map((row) => rowOf(book, row));
  return writeXlsxFile([...head, ...titlesOf(book), ...body, ...tail], {
    sheet: 'Sổ',
    orientation: 'landscape',
    columns: columns.map(({ width = 1 }) => ({ width: width * COLUMN_WIDTH })),
  }).toBuffer();
}

/** `31/12/2023` */
const vietnameseDay = (day: string): string => day.split('-').toReversed().join('/');
