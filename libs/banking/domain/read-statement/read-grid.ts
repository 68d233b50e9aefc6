import { type CommodityCode, type Day, type Result, currencyExponent, isCurrency, ok, refuse } from '#kernel';
import {
  type ReadStatement,
  type StatementException,
  type StatementFormat,
  balanceExceptions,
  bounded,
} from '../statement.ts';
import { decimalSignOf, isAmount } from './amounts.ts';
import { dayOrderOf, readDay } from './dates.ts';
import { type Cell, type GridRow, textOf } from './grid.ts';
import { type Header, headerAt } from './header.ts';
import { accountsIn, currencyIn, labelOf, periodIn } from './labels.ts';
import { type ColumnField, type Layout, banksIn, layoutsFor } from './layouts.ts';
import { columnOf, readRows } from './read-rows.ts';

/** Rows before the first header: banks put letterheads and terms there. */
const HEAD_ROWS_MAX = 80;
/** Accounts in one file. */
export const SECTIONS_MAX = 50;

export interface ReadGrid {
  readonly format: StatementFormat;
  /** Layouts of the account, the one last saved first. */
  readonly saved: readonly Layout[];
  /** BIN of the account's bank; null: not known. */
  readonly bin: string | null;
  /** What the account is kept in, where the file does not say. */
  readonly commodity: CommodityCode;
}

/** The rows of one account: what stands above its header, the header, and what stands below. */
interface Section {
  readonly head: readonly GridRow[];
  readonly header: Header;
  readonly body: readonly GridRow[];
}

/** Reads a sheet: every account in it, each with its lines. Pure; refuses with what a person can do. */
export function readGrid(grid: readonly GridRow[], options: ReadGrid): Result<readonly ReadStatement[]> {
  const rows = grid.filter(({ cells }) => cells.some((cell) => textOf(cell) !== ''));
  const layouts = layoutsFor(options.saved, options.bin);
  const sections = sectionsOf(rows, layouts);
  if (sections.length === 0) return refuse('STATEMENT_LAYOUT_UNKNOWN');
  if (sections.length > SECTIONS_MAX)
    return refuse('STATEMENT_TOO_LARGE', { limit: `${SECTIONS_MAX} accounts` });
  const statements: ReadStatement[] = [];
  for (const section of sections) {
    const read = readSection(section, options);
    if (!read.ok) return read;
    statements.push(...read.value);
  }
  return statements.length === 0 ? refuse('STATEMENT_EMPTY') : ok(statements);
}

/** Cuts a sheet where another account begins; a header that is repeated on each page begins nothing. */
function sectionsOf(rows: readonly GridRow[], layouts: readonly Layout[]): Section[] {
  const sections: { head: GridRow[]; header: Header; body: GridRow[] }[] = [];
  let head: GridRow[] = [];
  let header: Header | undefined;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] as GridRow;
    const current = sections.at(-1);
    const searching = current === undefined ? at < HEAD_ROWS_MAX : looksLikeHead(row, current.header);
    const found = searching ? headerAt(rows, at, header ? [header.layout, ...layouts] : layouts) : undefined;
    if (found) {
      const above = current ? accountsIn({ row: 0, cells: head.flatMap(({ cells }) => cells) }) : [];
      if (!current || above.length > 0) sections.push({ head, header: found, body: [] });
      else current.body.push(...head);
      header = found;
      head = [];
      at = found.next - 1;
    } else if (current === undefined) head.push(row);
    else if (head.length > 0 || (accountsIn(row).length > 0 && !hasMovement(row, current.header)))
      head.push(row);
    else current.body.push(row);
  }
  sections.at(-1)?.body.push(...head);
  return sections;
}

const AMOUNTS = ['debit', 'credit', 'amount', 'balance'] as const satisfies readonly ColumnField[];

const hasMovement = ({ cells }: GridRow, { columns }: Header): boolean => {
  for (const [column, field] of columns)
    if (field !== 'balance' && (AMOUNTS as readonly string[]).includes(field) && isAmount(cells[column]))
      return true;
  return false;
};

/** Only a row without any amount can be a header again: most rows are not looked at twice. */
const looksLikeHead = (row: GridRow, header: Header): boolean =>
  !hasMovement(row, header) && !row.cells.some((cell) => typeof cell === 'object');

function readSection({ head, header, body }: Section, options: ReadGrid): Result<ReadStatement[]> {
  const { layout, columns } = header;
  const commodity = firstOf(head, currencyIn) ?? options.commodity;
  if (!isCurrency(commodity)) return refuse('STATEMENT_CURRENCY_UNKNOWN', { commodity });
  const exponent = currencyExponent(commodity);
  const cellsOf = (field: ColumnField): Cell[] => {
    const column = columnOf(columns, field);
    return body.flatMap(({ cells }) => cells[column] ?? []);
  };
  const order = layout.dayOrder ? ok(layout.dayOrder) : dayOrderOf(cellsOf('bookedOn'));
  if (!order.ok) return order;
  const amounts = AMOUNTS.flatMap(cellsOf);
  const sign = layout.decimalSign ? ok(layout.decimalSign) : decimalSignOf(amounts, exponent);
  if (!sign.ok) return sign;
  const convention = { order: order.value, sign: sign.value, exponent };
  const stated = head.flatMap(accountsIn);
  const words = head.flatMap(({ cells }) => cells.map(textOf)).join(' \n ');
  const bins = banksIn(words);
  // A statement may name the other bank of a transfer; the head names its own bank alone.
  const bin = bins.length === 1 ? (bins[0] ?? null) : null;
  const period = firstOf(head, periodIn)?.map((text) => readDay(text, order.value)?.day);
  const statements: ReadStatement[] = [];
  for (const [own, rows] of byOwnAccount(body, header)) {
    const read = readRows(rows, columns, convention);
    if (!read.ok) return read;
    const figures = headFigures(head, convention);
    const { lines } = read.value;
    const [from, to] = [period?.[0] ?? lines[0]?.bookedOn, period?.[1] ?? lines.at(-1)?.bookedOn];
    if (from === undefined || to === undefined) continue;
    const opening = read.value.opening ?? figures.opening;
    const closing = read.value.closing ?? figures.closing;
    const span = [from, to, ...lines.map(({ bookedOn }) => bookedOn)] as Day[];
    statements.push({
      format: options.format,
      layout: layout.name,
      bin,
      accountNumbers: own === null ? stated : [own],
      commodity,
      from: span.reduce((a, b) => (b < a ? b : a)),
      to: span.reduce((a, b) => (b > a ? b : a)),
      opening: opening ?? openingFrom(lines),
      closing: closing ?? lines.at(-1)?.balance ?? null,
      lines,
      exceptions: bounded([
        ...read.value.exceptions,
        ...balanceExceptions({ opening, closing, lines }),
        ...outside(lines, from, to),
      ]),
    });
  }
  return ok(statements);
}

/** Where no row states it, what stood before the first line follows from that line. */
function openingFrom(lines: ReadStatement['lines']): bigint | null {
  const [first] = lines;
  if (first?.balance == null) return null;
  return first.balance - (first.direction === 'in' ? first.amount : -first.amount);
}

const outside = (lines: ReadStatement['lines'], from: Day, to: Day): StatementException[] =>
  lines
    .filter(({ bookedOn }) => bookedOn < from || bookedOn > to)
    .map(({ row, bookedOn }) => ({
      code: 'LINE_OUTSIDE_PERIOD',
      details: { row: String(row), date: bookedOn },
    }));

function headFigures(
  head: readonly GridRow[],
  convention: Parameters<typeof readRows>[2],
): { readonly opening: bigint | null; readonly closing: bigint | null } {
  const read = readRows(
    head.filter((row) => labelOf(row)),
    new Map(),
    convention,
  );
  return read.ok ? read.value : { opening: null, closing: null };
}

/** A sheet whose rows name their account is as many statements as accounts. */
function byOwnAccount(body: readonly GridRow[], { columns }: Header): [string | null, readonly GridRow[]][] {
  const own = columnOf(columns, 'ownAccount');
  if (own < 0) return [[null, body]];
  let last: string | null = null;
  const groups = Map.groupBy(body, (row) => {
    const digits = textOf(row.cells[own]).replace(/[\s.-]/g, '');
    if (/^\d{6,19}$/.test(digits)) last = digits;
    return last;
  });
  return [...groups];
}

function firstOf<T>(rows: readonly GridRow[], read: (row: GridRow) => T | undefined): T | undefined {
  for (const row of rows) {
    const found = read(row);
    if (found !== undefined) return found;
  }
  return undefined;
}
