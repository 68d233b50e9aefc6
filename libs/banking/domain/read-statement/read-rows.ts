import { type Day, type Result, ok, refuse } from '#kernel';
import type { Direction, ReadLine, StatementException } from '../statement.ts';
import { fold } from '../words.ts';
import { type DecimalSign, readAmount } from './amounts.ts';
import { type DayOrder, readDay } from './dates.ts';
import { type Cell, type GridRow, isBlank, textOf } from './grid.ts';
import type { ColumnField } from './layouts.ts';
import { labelOf } from './labels.ts';

/** How the cells of one header's rows are to be read. */
export interface Convention {
  readonly order: DayOrder;
  readonly sign: DecimalSign;
  readonly exponent: number;
}

/** The rows under one header, as movements and figures. */
export interface ReadRows {
  readonly lines: readonly ReadLine[];
  readonly opening: bigint | null;
  readonly closing: bigint | null;
  readonly exceptions: readonly StatementException[];
}

/** The cells of a row by field. */
export type Named = ReadonlyMap<ColumnField, Cell>;

export const named = ({ cells }: GridRow, columns: ReadonlyMap<number, ColumnField>): Named =>
  new Map(
    [...columns].flatMap(([column, field]) => {
      const cell = cells[column];
      return cell === undefined || isBlank(cell) ? [] : [[field, cell] as const];
    }),
  );

/** The index of the column with a field; −1: none has it. */
export const columnOf = (columns: ReadonlyMap<number, ColumnField>, field: ColumnField): number =>
  [...columns].find(([, of]) => of === field)?.[0] ?? -1;

/** Rows that one narrative may be broken over. */
const NARRATIVE_ROWS_MAX = 20;
/** Characters that are kept of one narrative. */
export const NARRATIVE_CHARS_MAX = 2_000;

const MONEY = ['debit', 'credit', 'amount'] as const satisfies readonly ColumnField[];

type Draft = Omit<ReadLine, 'narrative'> & { narrative: string };

/**
 * Reads the rows under a header. A row without a day takes the day above it; a row with nothing but text goes on
 * with the narrative above it; opening, closing and total rows are taken for what they say.
 */
export function readRows(
  rows: readonly GridRow[],
  columns: ReadonlyMap<number, ColumnField>,
  convention: Convention,
): Result<ReadRows> {
  const { order, sign, exponent } = convention;
  const drafts: Draft[] = [];
  const exceptions: StatementException[] = [];
  const figures = new Map<'opening' | 'closing', bigint>();
  const totals: bigint[][] = [];
  const flips = negativeColumns(rows, columns, convention);
  let day: Day | undefined;
  let current: Draft | undefined;
  let rowsOfCurrent = 1;
  for (const row of rows) {
    const cells = named(row, columns);
    const at = { row: String(row.row) };
    const dated = readDay(cells.get('bookedOn'), order);
    const hasMoney = MONEY.some((field) => cells.has(field));
    const label = dated && hasMoney ? undefined : labelOf(row);
    if (label || (!dated && hasMoney && !cells.has('narrative'))) {
      current = undefined;
      const read = readFigures(
        label?.figures ?? MONEY.flatMap((field) => cells.get(field) ?? []),
        convention,
      );
      if (!read.ok) return refuse(read.error.code, { ...read.error.details, ...at });
      const last = read.value.at(-1);
      if (label && label.label !== 'total' && last !== undefined) {
        // The first opening and the last closing are those of the whole; days between have their own.
        if (label.label === 'closing' || !figures.has('opening')) figures.set(label.label, last);
      } else if (read.value.length > 0) totals.push(read.value);
      continue;
    }
    if (!hasMoney) {
      const text = textOf(cells.get('narrative'));
      const only = cells.size === 1 && row.cells.filter((cell) => !isBlank(cell)).length === 1;
      if (text !== '' && only && current && rowsOfCurrent < NARRATIVE_ROWS_MAX) {
        current.narrative = `${current.narrative} ${text}`.slice(0, NARRATIVE_CHARS_MAX);
        rowsOfCurrent += 1;
      } else current = undefined;
      continue;
    }
    if (cells.has('bookedOn') && !dated)
      return refuse('STATEMENT_DATE_UNREADABLE', { ...at, date: textOf(cells.get('bookedOn')).slice(0, 40) });
    day = dated?.day ?? day;
    if (day === undefined) return refuse('STATEMENT_DATE_UNREADABLE', { ...at, date: '' });
    const money = movementOf(cells, convention, flips);
    if (!money.ok) return refuse(money.error.code, { ...money.error.details, ...at });
    const balance = readAmount(cells.get('balance'), sign, exponent);
    if (!balance.ok) return refuse(balance.error.code, { ...balance.error.details, ...at });
    if (money.value === null) {
      exceptions.push({ code: 'LINE_OF_NOTHING', details: at });
      continue;
    }
    const party = [cells.get('counterparty'), cells.get('counterAccount')]
      .map(textOf)
      .filter(Boolean)
      .join(' · ');
    current = {
      bookedOn: day,
      valueOn: readDay(cells.get('valueOn'), order)?.day ?? null,
      ...money.value,
      balance: balance.value,
      narrative: textOf(cells.get('narrative')).slice(0, NARRATIVE_CHARS_MAX),
      counterparty: party === '' ? null : party,
      bankRef: [textOf(cells.get('bankRef')), dated?.rest ?? ''].filter(Boolean).join(' ') || null,
      uniqueRef: null,
      row: row.row,
    };
    rowsOfCurrent = 1;
    drafts.push(current);
  }
  const lines = chronological(drafts);
  return ok({
    lines,
    opening: figures.get('opening') ?? null,
    closing: figures.get('closing') ?? null,
    exceptions: [...exceptions, ...totalExceptions(totals, lines)],
  });
}

function readFigures(cells: readonly Cell[], { sign, exponent }: Convention): Result<bigint[]> {
  const found: bigint[] = [];
  for (const cell of cells) {
    const read = readAmount(cell, sign, exponent);
    if (!read.ok) return read;
    if (read.value !== null) found.push(read.value);
  }
  return ok(found);
}

/** Some banks write what goes out with a minus in its own column; then a minus is no reversal. */
function negativeColumns(
  rows: readonly GridRow[],
  columns: ReadonlyMap<number, ColumnField>,
  { sign, exponent }: Convention,
): ReadonlySet<ColumnField> {
  const found = new Set<ColumnField>();
  for (const field of ['debit', 'credit'] as const) {
    const column = columnOf(columns, field);
    let below = 0;
    const isAbove = rows.some(({ cells }) => {
      const read = readAmount(cells[column], sign, exponent);
      if (!read.ok || read.value === null || read.value === 0n) return false;
      if (read.value < 0n) below += 1;
      return read.value > 0n;
    });
    if (below > 0 && !isAbove) found.add(field);
  }
  return found;
}

const OUT_SIGNS = new Set(['d', 'dr', 'no', 'debit', 'ghi no', 'chi', 'out', 'dbit']);
const IN_SIGNS = new Set(['c', 'cr', 'co', 'credit', 'ghi co', 'thu', 'in', 'crdt']);

type Movement = { readonly amount: bigint; readonly direction: Direction };

const movement = (value: bigint): Movement | null =>
  value === 0n ? null : { amount: value < 0n ? -value : value, direction: value < 0n ? 'out' : 'in' };

/** What moved; null: nothing did. Refused when a row has money on both sides or no sign where it needs one. */
function movementOf(
  cells: Named,
  { sign, exponent }: Convention,
  flips: ReadonlySet<ColumnField>,
): Result<Movement | null> {
  const read = (field: ColumnField): Result<bigint> => {
    const found = readAmount(cells.get(field), sign, exponent);
    return found.ok ? ok(flips.has(field) ? -(found.value ?? 0n) : (found.value ?? 0n)) : found;
  };
  const [debit, credit] = [read('debit'), read('credit')];
  if (!debit.ok) return debit;
  if (!credit.ok) return credit;
  if (debit.value !== 0n && credit.value !== 0n) return refuse('STATEMENT_ROW_BOTH_SIDES');
  if (!cells.has('amount')) return ok(movement(credit.value - debit.value));
  const amount = read('amount');
  if (!amount.ok) return amount;
  const word = fold(textOf(cells.get('sign')));
  if (OUT_SIGNS.has(word)) return ok(movement(amount.value < 0n ? amount.value : -amount.value));
  if (IN_SIGNS.has(word)) return ok(movement(amount.value < 0n ? -amount.value : amount.value));
  if (amount.value < 0n || /\+/.test(textOf(cells.get('amount')))) return ok(movement(amount.value));
  return amount.value === 0n ? ok(null) : refuse('STATEMENT_AMOUNT_WITHOUT_SIGN');
}

/** Lines in the order they happened: a file that begins with the newest is turned round. */
export function chronological(lines: readonly ReadLine[]): readonly ReadLine[] {
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first || !last) return lines;
  const turned =
    first.bookedOn === last.bookedOn
      ? links(lines.toReversed()) > links(lines)
      : first.bookedOn > last.bookedOn;
  const ordered = turned ? lines.toReversed() : lines;
  return ordered.toSorted((a, b) => (a.bookedOn < b.bookedOn ? -1 : a.bookedOn > b.bookedOn ? 1 : 0));
}

/** How many running balances follow from the line before. */
const links = (lines: readonly ReadLine[]): number =>
  lines.filter(({ amount, direction, balance }, i) => {
    const before = lines[i - 1]?.balance;
    return (
      balance !== null &&
      before !== undefined &&
      before !== null &&
      before + (direction === 'in' ? amount : -amount) === balance
    );
  }).length;

/** A total row of two figures or more tells what went out and came in; the sums of the lines may differ. */
function totalExceptions(totals: readonly bigint[][], lines: readonly ReadLine[]): StatementException[] {
  if (totals.length !== 1) return [];
  const [figures = []] = totals;
  if (figures.length < 2) return [];
  const sum = (direction: Direction): bigint =>
    lines.reduce((all, line) => (line.direction === direction ? all + line.amount : all), 0n);
  const stated = figures.map((figure) => (figure < 0n ? -figure : figure));
  const missing = [sum('out'), sum('in')].filter((figure) => !stated.includes(figure));
  return missing.length === 0
    ? []
    : [
        {
          code: 'TOTALS_DIFFER',
          details: { out: String(sum('out')), in: String(sum('in')), stated: stated.join(' ') },
        },
      ];
}
