import { setImmediate } from 'node:timers/promises';
import { type CommodityCode, formatVietnamese } from '#kernel';
import { LINE, dayText, innerOf, printable, textWidth, wrapText } from '#print';
import type { Book, BookCell, BookColumn, BookRow } from '../book.ts';

/** A column with its place on the page, in points. */
export interface PlacedColumn {
  readonly column: BookColumn;
  readonly x: number;
  readonly width: number;
}

/** How a book stands on paper. */
export interface Grid {
  readonly landscape: boolean;
  /** Points. */
  readonly size: number;
  readonly columns: readonly PlacedColumn[];
}

/** Room at either side of a cell, and above and below its lines. */
export const PAD = { x: 3, y: 2.2 } as const;

/** Sizes that are tried, portrait before landscape. */
const SIZES = [10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6] as const;
/** Smallest size in which portrait is read better than landscape. */
const PORTRAIT_SIZE_MIN = 9;
/** Widths of a column of text: of one that is wide, and of any other at most. At size 10. */
const WIDE_MIN = 110;
const NARROW_MAX = 96;
/** No column of text is narrower. */
const TEXT_MIN = 24;
const BASE = 10;

/** A cell as Vietnamese readers write it: `1.792.362.000`, `31/12/2023`. */
export function shownCell(cell: BookCell | undefined, { kind }: BookColumn, exponent: number): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'bigint' || typeof cell === 'number')
    return formatVietnamese(BigInt(cell), kind === 'amount' ? exponent : 0);
  return kind === 'day' ? dayText(cell) : cell;
}

export const isNumber = ({ kind }: BookColumn): boolean => kind === 'amount' || kind === 'count';

export const isStrong = ({ kind }: BookRow): boolean => kind !== 'line' && kind !== 'note';

/** Rows and totals of a book as one list. */
export const rowCount = ({ rows, totals }: Book): number => rows.length + totals.length;
export function rowAt({ rows, totals }: Book, at: number): BookRow {
  const row = at < rows.length ? rows[at] : totals[at - rows.length];
  if (row === undefined) throw new RangeError(`a book of ${rows.length + totals.length} rows has no ${at}`);
  return row;
}

/** Rows that are looked at before others may work. */
const ROWS_AT_ONCE = 1_000;

/** Different texts of a column that are measured; numbers are as wide as they have digits. */
const MEASURED_MAX = 20_000;

/** The widest text of each column, among rows that are set in columns. */
async function widestCells(book: Book): Promise<readonly string[]> {
  const widest = book.columns.map(() => ({ text: '', size: 0, seen: new Set<string>() }));
  for (let at = 0; at < rowCount(book); at += 1) {
    if (at % ROWS_AT_ONCE === 0) await setImmediate();
    const row = rowAt(book, at);
    if (row.kind === 'heading' || row.kind === 'note') continue;
    const exponent = book.exponents[row.commodity] ?? 0;
    for (const [i, column] of book.columns.entries()) {
      const text = shownCell(row.cells[column.key], column, exponent);
      const most = widest[i];
      if (most === undefined || text === most.text) continue;
      const isText = column.kind === 'text';
      if (isText && (most.seen.has(text) || most.seen.size >= MEASURED_MAX)) continue;
      if (isText) most.seen.add(text);
      const size = isText ? textWidth(printable(text), { face: 'bold', size: BASE }) : text.length;
      if (size > most.size) Object.assign(most, { text, size });
    }
  }
  return widest.map(({ text }) => text);
}

/** Sums that are carried are longer than any of the lines they are of, by the digits of their number. */
const carriedRoom = (book: Book): string => '0'.repeat(Math.ceil(Math.log10(Math.max(10, rowCount(book)))));

const isWide = ({ width = 1, kind }: BookColumn): boolean => kind === 'text' && width > 1;

/** The widest word of a title, which is not cut. */
const titleWidth = ({ vi, en }: BookColumn, size: number, both: boolean): number =>
  Math.max(
    ...[vi, ...(both ? [en] : [])]
      .flatMap((title) => printable(title).split(' '))
      .map((word) => textWidth(word, { face: 'bold', size })),
  );

/** What fits into a column that is not of text, however little it holds. */
const LEAST = { day: '00/00/0000', amount: '0.000.000', count: '0' } as const;

/** What the columns would like to have at a size. */
function wantedWidths(book: Book, widest: readonly string[], size: number, both: boolean): number[] {
  return book.columns.map((column, i) => {
    const scale = size / BASE;
    const room = column.carried === 'sum' ? carriedRoom(book) : '';
    const own = textWidth(printable(widest[i] ?? '') + room, { face: 'bold', size });
    const title = titleWidth(column, size, both);
    const least = column.kind === 'text' ? '' : LEAST[column.kind];
    if (least !== '') return Math.max(own, title, textWidth(least, { face: 'bold', size })) + 2 * PAD.x;
    const text = isWide(column) ? Math.max(own, WIDE_MIN * scale) : Math.min(own, NARROW_MAX * scale);
    return Math.max(Math.min(text, 3 * WIDE_MIN * scale), title, TEXT_MIN) + 2 * PAD.x;
  });
}

/** The least a column can do with: numbers whole, wide texts in several lines. */
const leastWidths = (book: Book, wanted: readonly number[], size: number): number[] =>
  wanted.map((width, i) => {
    const column = book.columns[i];
    if (column === undefined || !isWide(column)) return width;
    return Math.min(width, (WIDE_MIN * size) / BASE);
  });

const sum = (numbers: readonly number[]): number => numbers.reduce((n, each) => n + each, 0);

/** Gives what is left of a line to its columns of text, the wide ones first. */
function spread(book: Book, least: readonly number[], wanted: readonly number[], room: number): number[] {
  const missing = wanted.map((width, i) => width - (least[i] ?? 0));
  const share = Math.min(1, (room - sum(least)) / (sum(missing) || 1));
  const widths = least.map((width, i) => width + (missing[i] ?? 0) * share);
  const left = room - sum(widths);
  const wide = book.columns.map((column) => (isWide(column) ? (column.width ?? 1) : 0));
  const shares = sum(wide) > 0 ? wide : book.columns.map(() => 1);
  return widths.map((width, i) => width + (left * (shares[i] ?? 0)) / sum(shares));
}

/**
 * Chooses page, size and columns: the largest size in which everything fits, upright where that is as readable.
 * `both`: titles of columns in two languages. When not even the smallest fits, columns of text are squeezed.
 */
export async function gridOf(book: Book, both: boolean): Promise<Grid> {
  const widest = await widestCells(book);
  const placed = (landscape: boolean, size: number, widths: readonly number[]): Grid => {
    let x = innerOf(landscape).left;
    const columns = book.columns.map((column, i) => {
      const placedColumn = { column, x, width: widths[i] ?? 0 };
      x += placedColumn.width;
      return placedColumn;
    });
    return { landscape, size, columns };
  };
  const roomOf = (landscape: boolean): number => {
    const { left, right } = innerOf(landscape);
    return right - left;
  };
  const tried = [
    ...SIZES.filter((size) => size >= PORTRAIT_SIZE_MIN).map((size) => [false, size] as const),
    ...SIZES.map((size) => [true, size] as const),
  ];
  for (const [landscape, size] of tried) {
    const wanted = wantedWidths(book, widest, size, both);
    const least = leastWidths(book, wanted, size);
    if (sum(least) <= roomOf(landscape))
      return placed(landscape, size, spread(book, least, wanted, roomOf(landscape)));
  }
  const size = SIZES.at(-1) ?? BASE;
  const wanted = wantedWidths(book, widest, size, both);
  const isText = book.columns.map((column) => !isNumber(column) && column.kind !== 'day');
  const fixed = sum(wanted.filter((_, i) => !isText[i]));
  const scale = (roomOf(true) - fixed) / (sum(wanted.filter((_, i) => isText[i])) || 1);
  return placed(
    true,
    size,
    wanted.map((width, i) => (isText[i] ? width * scale : width)),
  );
}

/** Texts whose lines are remembered: most descriptions come again. */
const WRAPPED_MAX = 20_000;

/** Cuts cells into lines, and remembers. */
export function cellWrapper({
  size,
}: Grid): (text: string, width: number, strong: boolean) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (text, width, strong) => {
    const key = `${strong ? 1 : 0} ${width} ${text}`;
    let lines = known.get(key);
    if (lines === undefined) {
      lines = wrapText(text, width - 2 * PAD.x, { face: strong ? 'bold' : 'regular', size });
      if (known.size < WRAPPED_MAX) known.set(key, lines);
    }
    return lines;
  };
}

/** What a page has summed of a commodity: by the key of the column. */
export interface Carried {
  readonly commodity: CommodityCode;
  readonly cells: Readonly<Record<string, bigint>>;
}

/** Rows from … to − 1 of a book on one page, with what it takes over and what it hands on. */
export interface PlannedPage {
  readonly from: number;
  readonly to: number;
  readonly broughtForward: readonly Carried[];
  readonly carriedForward: readonly Carried[];
}

/** More commodities than this are not summed page by page: the sums would be longer than the page. */
export const CARRIED_COMMODITIES_MAX = 12;

export interface Heights {
  /** Room for rows on the first page, and on any other, below the titles of the columns. */
  readonly first: number;
  readonly other: number;
  /** Of what stands below the last row. */
  readonly tail: number;
  readonly rowOf: (row: BookRow) => number;
  /** Of one line of sums carried. */
  readonly carried: number;
}

/** Rows that go with the signatures when these need a page of their own. */
const LAST_ROWS = 3;

/** Divides a book into pages. Sums that are carried are those of all lines before. */
export async function planPages(
  book: Book,
  heights: Heights,
): Promise<{ pages: PlannedPage[]; isCarried: boolean }> {
  const count = rowCount(book);
  const carried = book.columns.filter((column) => column.carried !== undefined);
  const commodities = new Set(book.rows.map(({ commodity }) => commodity));
  const isCarried = carried.length > 0 && commodities.size <= CARRIED_COMMODITIES_MAX;
  const tall = new Float64Array(count);
  const rest = new Float64Array(count + 1);
  for (let at = 0; at < count; at += 1) {
    if (at % ROWS_AT_ONCE === 0) await setImmediate();
    tall[at] = heights.rowOf(rowAt(book, at));
  }
  for (let at = count - 1; at >= 0; at -= 1) rest[at] = (rest[at + 1] ?? 0) + (tall[at] ?? 0);

  const sums = new Map<CommodityCode, Record<string, bigint>>();
  const add = ({ kind, commodity, cells }: BookRow): void => {
    const own = sums.get(commodity) ?? {};
    sums.set(commodity, own);
    for (const { key, carried: how } of carried) {
      const cell = cells[key];
      if (typeof cell !== 'bigint') continue;
      if (how === 'last') own[key] = cell;
      else if (kind === 'line') own[key] = (own[key] ?? 0n) + cell;
    }
  };
  const taken = (): Carried[] =>
    isCarried
      ? [...sums].map(([commodity, cells]) => ({ commodity, cells: { ...cells } })).toSorted(byCommodity)
      : [];

  const pages: PlannedPage[] = [];
  let at = 0;
  do {
    const broughtForward = pages.length === 0 ? [] : taken();
    const room =
      (pages.length === 0 ? heights.first : heights.other) - broughtForward.length * heights.carried;
    const from = at;
    let used = 0;
    while (at < count) {
      const row = rowAt(book, at);
      const isLast = used + (rest[at] ?? 0) <= room;
      const lines = isCarried && !isLast ? sums.size + (sums.has(row.commodity) ? 0 : 1) : 0;
      // A row that is taller than a page still goes on one.
      if (at > from && used + (tall[at] ?? 0) + lines * heights.carried > room) break;
      if (at < book.rows.length) add(row);
      used += tall[at] ?? 0;
      at += 1;
    }
    const page = { from, to: at, broughtForward, carriedForward: at < count ? taken() : [] };
    const isCrowded = at >= count && used + heights.tail > room;
    pages.push(...(isCrowded ? withSignatures(page, book) : [page]));
  } while (at < count);
  return { pages, isCarried };
}

/** The signatures do not fit below: the last of the totals go with them, so that they are not signed alone. */
function withSignatures(page: PlannedPage, book: Book): PlannedPage[] {
  // Totals only, which come after all that is summed.
  const cut = Math.max(page.from + 1, book.rows.length, page.to - LAST_ROWS);
  const first = cut < page.to ? cut : page.to;
  return [
    { ...page, to: first },
    { from: first, to: page.to, broughtForward: [], carriedForward: [] },
  ];
}

const byCommodity = (a: Carried, b: Carried): number =>
  a.commodity === 'VND' ? -1 : b.commodity === 'VND' ? 1 : a.commodity < b.commodity ? -1 : 1;

/** Height of a line of a grid. */
export const lineHeight = ({ size }: Grid): number => size * LINE;
