import type { Readable } from 'node:stream';
import { LINE, type Paper, dayText, innerOf, printed, wrapText } from '#print';
import type { Book, BookRow } from '../book.ts';
import { profileNamed } from '../profile.ts';
import {
  type PaperMark,
  FRAME,
  GAP,
  momentText,
  periodText,
  signaturesHeight,
  unseen,
  writeFoot,
  writeHead,
  writeLines,
  writeMark,
  writeSignatures,
} from './pdf-frame.ts';
import {
  CARRIED_COMMODITIES_MAX,
  type Carried,
  type Grid,
  type Heights,
  PAD,
  type PlannedPage,
  cellWrapper,
  gridOf,
  isNumber,
  isStrong,
  lineHeight,
  planPages,
  rowAt,
  shownCell,
} from './pdf-layout.ts';

export interface BookOnPaper {
  /** Of the unit; null: not known, to be filled in. */
  readonly address: string | null;
  /** When the ledger came to stand where the book says, in milliseconds. */
  readonly at: number;
  /** What kind of print it is, where that is counted. */
  readonly mark?: PaperMark;
  /** Points that each line has beside its text: room to sign in. */
  readonly rowRoom?: number;
}

const CARRIED_WORDS = {
  forward: { vi: 'Cộng chuyển trang sau', en: 'Carried forward' },
  brought: { vi: 'Số trang trước chuyển sang', en: 'Brought forward' },
} as const;

/** How one book is set: its grid, the words of its titles and the height of its parts. */
interface Setting {
  readonly book: Book;
  readonly grid: Grid;
  /** English stands beside Vietnamese, as the profile says. */
  readonly both: boolean;
  readonly wrap: ReturnType<typeof cellWrapper>;
  readonly rowRoom: number;
}

/**
 * A book as an A4 PDF, laid out as Vietnamese books are: unit, address and number of the form, the name of the book,
 * titles of columns on each page, sums carried from page to page where the book has them, the number of its pages, the
 * day it was opened, and who signs. Upright or across by what it holds. Pages leave as they are set. The same book
 * gives the same bytes.
 */
export function pdfOf(book: Book, paperwork: BookOnPaper): Readable {
  const { title, unit, period, knownAt } = book;
  return printed(
    {
      title: `${title.vi} – ${unit.name} – ${periodText(period)}`,
      subject: `${book.name} ${unit.fund} ${book.profile} @${knownAt}`,
      author: unit.name,
      at: paperwork.at,
    },
    async (open) => {
      const both = profileNamed(book.profile)?.language === 'vi-en';
      const grid = await gridOf(book, both);
      const rowRoom = paperwork.rowRoom ?? 0;
      const setting: Setting = { book, grid, both, wrap: cellWrapper(grid), rowRoom };
      const paper = open(grid.landscape);
      const headEnd = measureHead(setting, paperwork);
      const { inner } = paper;
      const titles = titlesHeight(setting);
      const heights: Heights = {
        first: inner.bottom - headEnd - titles,
        other: inner.bottom - inner.top - titles,
        tail: tailHeight(setting),
        rowOf: (row) => rowHeight(setting, row),
        carried: lineHeight(grid) + 2 * PAD.y,
      };
      const { pages, isCarried } = await planPages(book, heights);
      for (const [i, page] of pages.entries()) {
        paper.addPage();
        let y = i === 0 ? writeBookHead(paper, setting, paperwork) : inner.top;
        if (page.to > page.from || i === 0) y = writeTable(paper, setting, page, y);
        if (i === pages.length - 1) writeTail(paper, setting, y, pages.length, isCarried);
        writeFoot(paper, { left: footLines(book, paperwork), page: i + 1, pages: pages.length });
        writeMark(paper, paperwork.mark);
        await paper.breathe();
      }
    },
  );
}

const footLines = (
  { unit, title, facts, period, knownAt, profile, effectiveThrough }: Book,
  { at, mark }: BookOnPaper,
): string[] => [
  [title.vi, ...facts.map(({ value }) => value), periodText(period), unit.name].join(' · '),
  [
    ...(mark === undefined ? [] : [mark.foot]),
    `Số liệu đến vị trí ${knownAt} của nhật ký${mark === undefined ? `, ${momentText(at)}` : ''}`,
    ...(effectiveThrough === null ? [] : [`tính đến hết ngày ${dayText(effectiveThrough)}`]),
    profile,
  ].join(' · '),
];

/** Lines between the head and the table, each with its style. */
function introduction({ book, grid, both }: Setting): {
  readonly centred: readonly {
    readonly text: string;
    readonly size: number;
    readonly face: 'bold' | 'italic' | 'regular';
  }[];
  readonly facts: readonly string[];
} {
  const { title, period, facts, exponents, columns } = book;
  const { left, right } = innerOf(grid.landscape);
  const centre = (text: string, size: number, face: 'bold' | 'italic' | 'regular') =>
    wrapText(text, right - left, { face, size }).map((line) => ({ text: line, size, face }));
  const commodities = Object.keys(exponents);
  const unit =
    commodities.length === 0 || (commodities.length === 1 && commodities[0] === 'VND')
      ? 'đồng'
      : columns.some(({ key }) => key === 'commodity')
        ? 'theo cột Loại'
        : commodities.join(', ');
  return {
    centred: [
      ...centre(title.vi, FRAME.title, 'bold'),
      ...(both && title.en !== title.vi ? centre(title.en, FRAME.subtitle, 'italic') : []),
      ...centre(periodText(period), FRAME.subtitle, 'italic'),
    ],
    facts: [...facts.map(({ label, value }) => `${label.vi}: ${value}`), `Đơn vị tính: ${unit}`].flatMap(
      (fact) => wrapText(fact, right - left, { size: FRAME.fact }),
    ),
  };
}

const headOf = ({ book }: Setting, { address }: BookOnPaper) => ({
  unit: book.unit.name,
  address,
  form:
    book.form === null
      ? []
      : [`Mẫu số: ${book.form.code}`, ...(book.form.confirm ? ['(số mẫu cần kế toán xác nhận)'] : [])],
});

/** Where the table begins on the first page; nothing is written. */
function measureHead(setting: Setting, paperwork: BookOnPaper): number {
  return writeBookHead(unseen(setting.grid.landscape), setting, paperwork);
}

function writeBookHead(paper: Paper, setting: Setting, paperwork: BookOnPaper): number {
  const { left, right } = paper.inner;
  const { centred, facts } = introduction(setting);
  let y = writeHead(paper, headOf(setting, paperwork));
  for (const { text, ...style } of centred)
    y = writeLines(paper, [text], { ...style, x: left, y, width: right - left, align: 'center' });
  y += GAP / 2;
  y = writeLines(paper, facts, { size: FRAME.fact, x: left, y, width: right - left });
  return y + GAP / 2;
}

/** Lines of a title: Vietnamese, and English below it. */
const titleLines = ({ grid, both, wrap }: Setting, words: { vi: string; en: string }, width: number) => [
  ...wrap(words.vi, width, true).map((text) => ({ text, face: 'bold', size: grid.size }) as const),
  ...(both && words.en !== words.vi
    ? wrapText(words.en, width - 2 * PAD.x, { face: 'italic', size: grid.size - 1 }).map(
        (text) => ({ text, face: 'italic', size: grid.size - 1 }) as const,
      )
    : []),
];

/** Neighbours under one title, with the room they have together. */
function groupsOf({
  grid: { columns },
}: Setting): { words: { vi: string; en: string }; x: number; width: number }[] {
  const groups: { words: { vi: string; en: string }; x: number; width: number; last: number }[] = [];
  for (const [i, { column, x, width }] of columns.entries()) {
    if (column.group === undefined) continue;
    const open = groups.at(-1);
    if (open?.last === i - 1 && open.words.vi === column.group.vi) {
      open.width += width;
      open.last = i;
    } else groups.push({ words: column.group, x, width, last: i });
  }
  return groups;
}

const rowOfTitles = (setting: Setting, most: number): number => most * lineHeight(setting.grid) + 2 * PAD.y;

function titleHeights(setting: Setting): { readonly groups: number; readonly names: number } {
  const most = (counts: readonly number[]): number => Math.max(0, ...counts);
  const groups = groupsOf(setting).map(({ words, width }) => titleLines(setting, words, width).length);
  const own = setting.grid.columns.map(
    ({ column, width }) => [column.group !== undefined, titleLines(setting, column, width).length] as const,
  );
  const grouped = most(own.filter(([isGrouped]) => isGrouped).map(([, lines]) => lines));
  const alone = most(own.filter(([isGrouped]) => !isGrouped).map(([, lines]) => lines));
  const upper = groups.length === 0 ? 0 : rowOfTitles(setting, most(groups));
  const lower = rowOfTitles(setting, groups.length === 0 ? alone : grouped);
  return { groups: upper, names: Math.max(lower, rowOfTitles(setting, alone) - upper) };
}

function titlesHeight(setting: Setting): number {
  const { groups, names } = titleHeights(setting);
  return groups + names;
}

function writeTitles(paper: Paper, setting: Setting, y: number): number {
  const { groups, names } = titleHeights(setting);
  const bottom = y + groups + names;
  const put = (
    lines: ReturnType<typeof titleLines>,
    x: number,
    top: number,
    width: number,
    height: number,
  ): void => {
    let at = top + (height - lines.length * lineHeight(setting.grid)) / 2;
    for (const { text, ...style } of lines) {
      paper.write(text, { ...style, x, y: at, width, align: 'center' });
      at += lineHeight(setting.grid);
    }
  };
  for (const { words, x, width } of groupsOf(setting)) {
    put(titleLines(setting, words, width), x, y, width, groups);
    paper.line([x, y + groups], [x + width, y + groups]);
  }
  for (const { column, x, width } of setting.grid.columns) {
    const top = column.group === undefined ? y : y + groups;
    put(titleLines(setting, column, width), x, top, width, bottom - top);
  }
  const last = setting.grid.columns.at(-1);
  const [left, right] = [setting.grid.columns[0]?.x ?? 0, last === undefined ? 0 : last.x + last.width];
  paper.line([left, y], [right, y]);
  paper.line([left, bottom], [right, bottom]);
  return bottom;
}

/** Where upright lines of the titles begin: below the group, between two columns of it. */
function writeUprights(paper: Paper, setting: Setting, top: number, bottom: number): void {
  const { groups } = titleHeights(setting);
  const columns = setting.grid.columns;
  for (const [i, { column, x }] of columns.entries()) {
    const isInside =
      i > 0 && column.group !== undefined && columns[i - 1]?.column.group?.vi === column.group.vi;
    paper.line([x, isInside ? top + groups : top], [x, bottom]);
  }
  const last = columns.at(-1);
  if (last !== undefined) paper.line([last.x + last.width, top], [last.x + last.width, bottom]);
}

/** Lines of each cell of a row; a heading or note has one text, over all columns. */
function rowLines({ book, grid, wrap }: Setting, row: BookRow): readonly (readonly string[])[] {
  const exponent = book.exponents[row.commodity] ?? 0;
  return grid.columns.map(({ column, width }) => {
    const text = shownCell(row.cells[column.key], column, exponent);
    if (text === '') return [];
    return isNumber(column) || column.kind === 'day' ? [text] : wrap(text, width, isStrong(row));
  });
}

const isOver = ({ kind }: BookRow): boolean => kind === 'heading' || kind === 'note';

function overLines({ grid, wrap }: Setting, row: BookRow): readonly string[] {
  const { column } = grid.columns.find(({ column: { kind } }) => kind === 'text') ?? {};
  const text = column === undefined ? '' : String(row.cells[column.key] ?? '');
  return wrap(text, tableWidth(grid), isStrong(row));
}

const tableWidth = ({ columns }: Grid): number => columns.reduce((n, { width }) => n + width, 0);

function rowHeight(setting: Setting, row: BookRow): number {
  const lines = isOver(row)
    ? overLines(setting, row).length
    : Math.max(1, ...rowLines(setting, row).map((cell) => cell.length));
  return lines * lineHeight(setting.grid) + 2 * PAD.y + (row.kind === 'line' ? setting.rowRoom : 0);
}

function writeRow(paper: Paper, setting: Setting, row: BookRow, y: number): number {
  const { grid } = setting;
  const face = isStrong(row) ? 'bold' : row.kind === 'note' ? 'italic' : 'regular';
  const style = { face, size: grid.size } as const;
  const put = (
    lines: readonly string[],
    x: number,
    width: number,
    align: 'left' | 'center' | 'right',
  ): void => {
    let at = y + PAD.y;
    for (const text of lines) {
      paper.write(text, { ...style, x: x + PAD.x, y: at, width: width - 2 * PAD.x, align });
      at += lineHeight(grid);
    }
  };
  if (isOver(row)) put(overLines(setting, row), grid.columns[0]?.x ?? 0, tableWidth(grid), 'left');
  else
    for (const [i, lines] of rowLines(setting, row).entries()) {
      const placed = grid.columns[i];
      if (placed === undefined) continue;
      const { column, x, width } = placed;
      put(lines, x, width, isNumber(column) ? 'right' : column.kind === 'day' ? 'center' : 'left');
    }
  const bottom = y + rowHeight(setting, row);
  const left = grid.columns[0]?.x ?? 0;
  paper.line([left, bottom], [left + tableWidth(grid), bottom], 0.2);
  return bottom;
}

/** Sums that go over a page, as a row. */
function carriedRow(
  { book, both }: Setting,
  { commodity, cells }: Carried,
  words: { vi: string; en: string },
): BookRow {
  const texts = book.columns.filter(({ kind }) => kind === 'text');
  const label = texts.find(({ width = 1 }) => width > 1) ?? texts[0];
  const said = both ? `${words.vi} / ${words.en}` : words.vi;
  const named = book.columns.some(({ key }) => key === 'commodity');
  return {
    kind: 'subtotal',
    commodity,
    source: null,
    cells: { ...(label && { [label.key]: said }), ...(named && { commodity }), ...cells },
  };
}

function writeTable(paper: Paper, setting: Setting, page: PlannedPage, top: number): number {
  let y = writeTitles(paper, setting, top);
  for (const carried of page.broughtForward)
    y = writeRow(paper, setting, carriedRow(setting, carried, CARRIED_WORDS.brought), y);
  for (let at = page.from; at < page.to; at += 1) y = writeRow(paper, setting, rowAt(setting.book, at), y);
  for (const carried of page.carriedForward)
    y = writeRow(paper, setting, carriedRow(setting, carried, CARRIED_WORDS.forward), y);
  writeUprights(paper, setting, top, y);
  return y;
}

/** What kind of paper a book is, by the first words of its name. */
const nounOf = ({ title }: Book): string =>
  ['Sổ', 'Bảng', 'Danh sách', 'Thông báo'].find((noun) => title.vi.startsWith(noun)) ?? 'Báo cáo';

/** What is said below the table. `pages` is not known while it is measured, and takes one line whatever it is. */
function remarks(
  { book, grid, both }: Setting,
  pages: number,
  isCarried: boolean,
): {
  readonly notes: readonly string[];
  readonly about: readonly string[];
} {
  const { left, right } = innerOf(grid.landscape);
  const uncarried = book.columns.some(({ carried }) => carried !== undefined) && !isCarried;
  const isSo = nounOf(book) === 'Sổ';
  return {
    notes: [
      ...book.notes.map(({ vi, en }) => (both ? `${vi} / ${en}` : vi)),
      ...(uncarried
        ? [`Không cộng chuyển trang: sổ có trên ${CARRIED_COMMODITIES_MAX} loại tiền và hiện vật.`]
        : []),
    ].flatMap((note) => wrapText(note, right - left, { face: 'italic', size: FRAME.note })),
    about: [
      `- ${nounOf(book)} này có ${pages} trang, đánh số từ trang 1 đến trang ${pages}`,
      ...(isSo && book.openedOn !== undefined ? [`- Ngày mở sổ: ${dayText(book.openedOn)}`] : []),
    ],
  };
}

function tailHeight(setting: Setting): number {
  const { notes, about } = remarks(setting, 0, false);
  const { left, right } = innerOf(setting.grid.landscape);
  const text = (notes.length * FRAME.note + about.length * FRAME.sign) * LINE;
  return text + 3 * GAP + signaturesHeight(right - left, setting.book.signatures);
}

function writeTail(paper: Paper, setting: Setting, top: number, pages: number, isCarried: boolean): void {
  const { left, right } = paper.inner;
  const at = { x: left, width: right - left };
  const { notes, about } = remarks(setting, pages, isCarried);
  let y = top + GAP;
  y = writeLines(paper, notes, { face: 'italic', size: FRAME.note, y, ...at });
  y = writeLines(paper, about, { size: FRAME.sign, y: y + GAP / 2, ...at });
  writeSignatures(paper, y + GAP, setting.book.signatures);
}
