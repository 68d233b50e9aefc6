import { type Kysely, sql } from 'kysely';
import { type CommodityCode, type Day, nextDay } from '#kernel';
import type { Detail, Profile } from '../domain/profile.ts';
import { type EntryTables, readLineCounts } from './read-sums.ts';
import { type EntryRow, fromStored, prefixOf, storedAccount } from './tables.ts';

/** Rows of a page, when nobody says, and at most. */
export const PAGE_ROWS_DEFAULT = 200;
export const PAGE_ROWS_MAX = 1_000;
/** Entries of an account that are looked at for one page of a detail of it: keeps a page's time bounded. */
const SCANNED_ROWS_MAX = 20_000;

/** Place of an entry in a book: by day, then in the order of the log. Page borders are these. */
export interface Place {
  readonly day: Day;
  readonly position: bigint;
  readonly line: bigint;
}

/** `2024-03-01.120.0`, as pages are asked for. */
export const PLACE_PATTERN = /^\d{4}-\d{2}-\d{2}\.\d{1,15}\.\d{1,9}$/;
export const writePlace = ({ day, position, line }: Place): string => `${day}.${position}.${line}`;
export function readPlace(text: string): Place {
  const [day = '', position = '0', line = '0'] = text.split('.');
  return { day, position: BigInt(position), line: BigInt(line) };
}

/** One side of an entry as it stands in the ledger of its account. */
export interface Line extends Place {
  readonly entry: EntryRow;
  readonly account: string;
  readonly contra: string;
  readonly isDebit: boolean;
}

export interface LinesWanted {
  readonly fund: string;
  /** As entries name them. */
  readonly accounts: readonly string[];
  readonly commodity: CommodityCode;
  readonly detail?: { readonly by: Detail; readonly value: string } | undefined;
  readonly from: Day;
  readonly to: Day;
  readonly after: Place | null;
  readonly limit: number;
}

/** Columns that hold a detail. */
const COLUMN_OF: Readonly<Record<Exclude<Detail, 'restriction'>, string>> = {
  source: 'source',
  programme: 'programme',
  donor: 'donor',
  recipient: 'recipient',
  place: 'place',
};

/** The entry has this value of the detail; empty: not specified. */
const isOfDetail = ({ by, value }: { readonly by: Detail; readonly value: string }) =>
  by === 'restriction'
    ? sql<boolean>`restricted = ${value === 'with' ? 1n : 0n}`
    : value === ''
      ? sql<boolean>`${sql.ref(COLUMN_OF[by])} is null`
      : sql<boolean>`${sql.ref(COLUMN_OF[by])} = ${value}`;

const compare = (a: Line, b: Line): number =>
  a.day < b.day
    ? -1
    : a.day > b.day
      ? 1
      : a.position !== b.position
        ? Number(a.position - b.position)
        : a.line !== b.line
          ? Number(a.line - b.line)
          : Number(b.isDebit) - Number(a.isDebit);

const isSamePlace = (a: Line, b: Line): boolean => a.position === b.position && a.line === b.line;

/** Entries of some accounts, day by day in the order of the log; both sides of an entry stand on one page. */
export async function readLines(
  db: Kysely<EntryTables>,
  profile: Profile,
  knownAt: number,
  wanted: LinesWanted,
): Promise<{ readonly lines: Line[]; readonly next: Place | null }> {
  const { detail, limit } = wanted;
  const to = detail === undefined ? wanted.to : await boundedDay(db, profile, { ...wanted, detail });
  const found = await Promise.all(
    wanted.accounts.flatMap((account) =>
      ([true, false] as const).map((isDebit) =>
        oneSide(db, profile, knownAt, { ...wanted, to }, account, isDebit),
      ),
    ),
  );
  const lines = found.flat().sort(compare);
  let size = Math.min(limit, lines.length);
  for (;;) {
    const [last, following] = [lines[size - 1], lines[size]];
    if (last === undefined || following === undefined || !isSamePlace(last, following)) break;
    size += 1;
  }
  const shown = lines.slice(0, size);
  const last = shown.at(-1);
  if (size < lines.length && last) return { lines: shown, next: last };
  if (to >= wanted.to) return { lines: shown, next: null };
  // The page ends early, after all of these days.
  return { lines: shown, next: { day: to, position: LAST_POSITION, line: 0n } };
}

/** Later than any position, and still a number of 15 digits. */
const LAST_POSITION = 999_999_999_999_999n;

/** The last day up to which a page of a detail may look: enough lines of it, or as many of its accounts as are allowed. */
async function boundedDay(
  db: Kysely<EntryTables>,
  profile: Profile,
  { fund, accounts, detail, from, to, after, limit }: LinesWanted & { detail: { by: Detail; value: string } },
): Promise<Day> {
  // After the end of a day the next one is the first, so that every page gets further.
  const begin = after === null ? from : after.position === LAST_POSITION ? nextDay(after.day) : after.day;
  const perDay = new Map<Day, { all: bigint; own: bigint }>();
  for (const account of accounts) {
    const common = { fund, account, from: begin, to };
    const [all, own] = await Promise.all([
      readLineCounts(db, profile, { ...common, detail: '', value: '' }),
      readLineCounts(db, profile, { ...common, detail: detail.by, value: detail.value }),
    ]);
    for (const [counts, name] of [
      [all, 'all'],
      [own, 'own'],
    ] as const)
      for (const { day, lines } of counts) {
        const sums = perDay.get(day) ?? { all: 0n, own: 0n };
        perDay.set(day, { ...sums, [name]: sums[name] + lines });
      }
  }
  let [scanned, lines] = [0n, 0n];
  const days = [...perDay.keys()].sort();
  // The first day was begun on the page before; its lines are counted again.
  for (const [at, day] of days.entries()) {
    const { all, own } = perDay.get(day) ?? { all: 0n, own: 0n };
    scanned += all;
    if (at > 0) lines += own;
    if (day < to && (scanned > BigInt(SCANNED_ROWS_MAX) || lines > BigInt(limit)))
      return at + 1 < days.length ? day : to;
  }
  return to;
}

/**
 * Conditions on places that no database takes for a reason to walk the table by position: the index of an account and
 * its days is the way.
 */
const isKnown = (knownAt: number) => sql<boolean>`position + 0 <= ${BigInt(knownAt)}`;
const isAfter = ({ day, position, line }: Place) =>
  sql<boolean>`(day > ${day} or position + 0 > ${position} or (position + 0 = ${position} and line > ${line}))`;
const isUpTo = ({ position, line }: Place) =>
  sql<boolean>`(position + 0 < ${position} or (position + 0 = ${position} and line <= ${line}))`;

async function oneSide(
  db: Kysely<EntryTables>,
  profile: Profile,
  knownAt: number,
  { fund, commodity, detail, from, to, after, limit }: LinesWanted,
  account: string,
  isDebit: boolean,
): Promise<Line[]> {
  let select = db
    .selectFrom(prefixOf(profile))
    .selectAll()
    .where(sql.ref(isDebit ? 'debit' : 'credit'), '=', storedAccount(fund, account))
    .where('day', '>=', after === null ? from : after.day)
    .where('day', '<=', to)
    .where(isKnown(knownAt))
    .where('commodity', '=', commodity)
    .orderBy('day')
    .orderBy('position')
    .orderBy('line')
    .limit(limit + 2);
  // The day is at least that of the place.
  if (after !== null) select = select.where(isAfter(after));
  if (detail !== undefined) select = select.where(isOfDetail(detail));
  return (await select.execute()).map(fromStored).map((entry) => ({
    entry,
    day: entry.day,
    position: entry.position,
    line: entry.line,
    account,
    contra: isDebit ? entry.credit : entry.debit,
    isDebit,
  }));
}

/** Debit and credit of the lines of one day up to a place and including it: what a page before has shown of that day. */
export async function turnoverUpTo(
  db: Kysely<EntryTables>,
  profile: Profile,
  knownAt: number,
  { fund, accounts, commodity, detail }: Pick<LinesWanted, 'fund' | 'accounts' | 'commodity' | 'detail'>,
  place: Place,
): Promise<{ debit: bigint; credit: bigint }> {
  const sums = await Promise.all(
    accounts.flatMap((account) =>
      (['debit', 'credit'] as const).map(async (side) => {
        let select = db
          .selectFrom(prefixOf(profile))
          .select((eb) => eb.fn.coalesce(eb.fn.sum<bigint | string>('amount'), eb.lit(0)).as('sum'))
          .where(sql.ref(side), '=', storedAccount(fund, account))
          .where('day', '=', place.day)
          .where(isKnown(knownAt))
          .where('commodity', '=', commodity)
          .where(isUpTo(place));
        if (detail !== undefined) select = select.where(isOfDetail(detail));
        const [row] = await select.execute();
        return { side, sum: BigInt(row?.sum ?? 0) };
      }),
    ),
  );
  const total = (side: 'debit' | 'credit'): bigint =>
    sums.filter((each) => each.side === side).reduce((n, { sum }) => n + sum, 0n);
  return { debit: total('debit'), credit: total('credit') };
}

/** Entries of a fund in the order of its journal: by day, then as the log has them. */
export async function readJournalRows(
  db: Kysely<EntryTables>,
  profile: Profile,
  knownAt: number,
  { fund, from, to, after, limit }: Pick<LinesWanted, 'fund' | 'from' | 'to' | 'after' | 'limit'>,
): Promise<{ readonly rows: EntryRow[]; readonly next: Place | null }> {
  let select = db
    .selectFrom(prefixOf(profile))
    .selectAll()
    .where('fund', '=', fund)
    .where('day', '>=', after === null ? from : after.day)
    .where('day', '<=', to)
    .where('position', '<=', BigInt(knownAt))
    .orderBy('day')
    .orderBy('position')
    .orderBy('line')
    .limit(limit + 1);
  if (after !== null)
    select = select.where((eb) =>
      eb(eb.refTuple('day', 'position', 'line'), '>', eb.tuple(after.day, after.position, after.line)),
    );
  const found = await select.execute();
  const rows = found.slice(0, limit).map(fromStored);
  return { rows, next: found.length > limit ? (rows.at(-1) ?? null) : null };
}
