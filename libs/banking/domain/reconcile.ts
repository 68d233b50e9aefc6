import type { Day } from '#kernel';

/** A dated amount of money, in positive. */
interface Moved {
  readonly day: Day;
  readonly amount: bigint;
}
/** A line or a part of one. */
export interface BankUnit extends Moved {
  readonly unit: string;
  readonly match: string | null;
}
/** A money event of the books. */
export interface BookEntry extends Moved {
  readonly entry: string;
  readonly match: string | null;
}
/** What a file stated. */
export interface StatedBalances {
  readonly statement: string;
  readonly from: Day;
  readonly to: Day;
  readonly opening: bigint | null;
  readonly closing: bigint | null;
}
/** One reason why bank and book differ. Bank less book is the sum of all items. */
export interface Item {
  /**
   * `opening-difference`: what each side had before the first day. `at-bank-only`: money at the bank that the books
   * do not have by the day. `in-books-only`: the reverse, in negative. `statement-gap`: a stated balance that the
   * lines before it do not give.
   */
  readonly kind: 'opening-difference' | 'at-bank-only' | 'in-books-only' | 'statement-gap';
  /** The line, entry, statement or match it is about; empty for the opening. */
  readonly id: string;
  readonly day: Day;
  readonly amount: bigint;
}

export interface Reconciliation {
  readonly on: Day;
  readonly bank: bigint;
  readonly book: bigint;
  readonly items: readonly Item[];
  /** Sum of the items. */
  readonly listed: bigint;
  /** bank − book − listed. Other than 0 would be a fault of this program. */
  readonly difference: bigint;
  /** False: no file stated any balance by that day, and the bank's side is the sum of its lines. */
  readonly stated: boolean;
}

export interface ReconcileInput {
  readonly on: Day;
  readonly startsOn: Day;
  readonly units: readonly BankUnit[];
  readonly entries: readonly BookEntry[];
  readonly statements: readonly StatedBalances[];
}

const sumOf = (moved: readonly Moved[]): bigint => moved.reduce((sum, { amount }) => sum + amount, 0n);

/**
 * Holds the bank's balance on a day against the books'. The bank's is what its files state; each reason for a
 * difference is an item of its own. What is matched counts as settled only when both sides had happened by the day
 * and come to the same money. Independent of the order of everything given.
 */
export function reconcile({ on, startsOn, units, entries, statements }: ReconcileInput): Reconciliation {
  const bankUnits = units.filter(({ day }) => day >= startsOn && day <= on);
  const ownEntries = entries.filter(({ day }) => day >= startsOn && day <= on);
  const { points, opening, hasOpening } = pointsOf(statements, startsOn, bankUnits);
  const items: Item[] = [];
  const before = sumOf(entries.filter(({ day }) => day < startsOn));
  if (opening !== before)
    items.push({ kind: 'opening-difference', id: '', day: startsOn, amount: opening - before });
  const gaps = gapsOf(points, opening, bankUnits, on);
  items.push(...gaps, ...openItems(bankUnits, ownEntries));
  const bank = opening + sumOf(bankUnits) + sumOf(gaps);
  const book = before + sumOf(ownEntries);
  const listed = sumOf(items);
  return {
    on,
    bank,
    book,
    items: items.toSorted(byPlace),
    listed,
    difference: bank - book - listed,
    stated: hasOpening || points.some(({ day }) => day <= on),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byPlace = (a: Item, b: Item): number =>
  compare(a.kind, b.kind) || compare(a.day, b.day) || compare(a.id, b.id);

/** A balance that a file states for the end of a day. */
interface Point {
  readonly day: Day;
  readonly statement: string;
  readonly balance: bigint;
}

/** The stated closing balances in order, and what the account had before the first day. */
function pointsOf(
  statements: readonly StatedBalances[],
  startsOn: Day,
  units: readonly BankUnit[],
): { readonly points: readonly Point[]; readonly opening: bigint; readonly hasOpening: boolean } {
  const points = statements
    .flatMap(({ statement, to, closing }) =>
      closing === null || to < startsOn ? [] : [{ day: to, statement, balance: closing }],
    )
    .toSorted((a, b) => (a.day !== b.day ? (a.day < b.day ? -1 : 1) : a.statement < b.statement ? -1 : 1));
  const [first] = statements
    .filter(({ opening, from }) => opening !== null && from >= startsOn)
    .toSorted((a, b) =>
      a.from !== b.from ? (a.from < b.from ? -1 : 1) : a.statement < b.statement ? -1 : 1,
    );
  const sumBefore = (day: Day): bigint => sumOf(units.filter((unit) => unit.day < day));
  if (first) return { points, opening: (first.opening ?? 0n) - sumBefore(first.from), hasOpening: true };
  const [closing] = points;
  if (!closing) return { points, opening: 0n, hasOpening: false };
  const upTo = sumOf(units.filter(({ day }) => day <= closing.day));
  return { points, opening: closing.balance - upTo, hasOpening: false };
}

/**
 * Where a stated balance is not the one before and the lines between: an item of the size of what is unexplained.
 * Files that end on one day may end at different hours: one that agrees with the lines speaks for the day.
 */
function gapsOf(points: readonly Point[], opening: bigint, units: readonly BankUnit[], on: Day): Item[] {
  const sorted = units.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  const gaps: Item[] = [];
  let running = opening;
  let at = 0;
  for (const [day, ofDay] of Map.groupBy(points, (point) => point.day)) {
    if (day > on) break;
    while (at < sorted.length && (sorted[at] as BankUnit).day <= day)
      running += (sorted[at++] as BankUnit).amount;
    const last = ofDay.at(-1);
    if (!last || ofDay.some(({ balance }) => balance === running)) continue;
    gaps.push({ kind: 'statement-gap', id: last.statement, day, amount: last.balance - running });
    running = last.balance;
  }
  return gaps;
}

/** What one side has and the other has not by the day; a match that is whole and even by then cancels out. */
function openItems(units: readonly BankUnit[], entries: readonly BookEntry[]): Item[] {
  const sums = new Map<string, bigint>();
  const add = (match: string | null, amount: bigint): void => {
    if (match !== null) sums.set(match, (sums.get(match) ?? 0n) + amount);
  };
  for (const { match, amount } of units) add(match, amount);
  for (const { match, amount } of entries) add(match, -amount);
  const isOpen = ({ match }: { readonly match: string | null }): boolean =>
    match === null || sums.get(match) !== 0n;
  return [
    ...units
      .filter(isOpen)
      .map(({ unit, day, amount }): Item => ({ kind: 'at-bank-only', id: unit, day, amount })),
    ...entries
      .filter(isOpen)
      .map(({ entry, day, amount }): Item => ({ kind: 'in-books-only', id: entry, day, amount: -amount })),
  ];
}
