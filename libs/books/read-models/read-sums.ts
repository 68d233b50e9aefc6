import { type Kysely, sql } from 'kysely';
import type { CommodityCode, Day } from '#kernel';
import type { Stand } from '#read-models';
import type { Detail, Profile } from '../domain/profile.ts';
import { sumsOf } from './keys.ts';
import {
  type EntryRow,
  SEGMENT_EVENTS,
  type SumRow,
  fromStored,
  prefixOf,
  segmentOf,
  toEntry,
} from './tables.ts';

/** The tables of a profile by the names queries use. */
export type EntryTables = Record<string, EntryRow & SumRow>;

/** Turnover through one day. */
export interface Turnover {
  readonly debit: bigint;
  readonly credit: bigint;
  /** How many sides of entries. */
  readonly lines: bigint;
}

/** One account, or one value of a detail of it, in one commodity, through each of the days asked for. */
export interface Sums {
  readonly account: string;
  readonly value: string;
  readonly commodity: CommodityCode;
  readonly through: readonly Turnover[];
}

export interface SumsWanted {
  readonly fund: string;
  /** Empty: accounts as a whole. */
  readonly detail: Detail | '';
  /** Only accounts that begin so; an own account stands behind the number: `112:nh-1`. */
  readonly accounts?: readonly string[] | undefined;
  /** `accounts` are as entries name them: only these, and found at once. */
  readonly isExact?: boolean | undefined;
  readonly value?: string | undefined;
  /** Days, inclusive, at most {@link BOUNDS_MAX}. */
  readonly through: readonly Day[];
}

export const BOUNDS_MAX = 4;

/** Where a query stands. `segmentEvents` is what the tables were made with; the usual when absent. */
export type SumsStand = Pick<Stand, 'position' | 'knownAt' | 'highest'> & {
  readonly segmentEvents?: number | undefined;
};

const SEPARATOR = '\n';

/**
 * Sums of a fund's entries as known at the position of the query, one line each for account, value and commodity.
 * From what the tables hold, whole segments up to the nearest border are added; entries between the border and the
 * position are counted one by one.
 */
export async function readSums(
  db: Kysely<EntryTables>,
  profile: Profile,
  { position, knownAt, highest, segmentEvents: shortest = SEGMENT_EVENTS }: SumsStand,
  wanted: SumsWanted,
): Promise<Sums[]> {
  const segmentEvents = segmentOf(shortest, wanted.detail);
  const found = new Map<string, { account: string; value: string; commodity: string; through: Turnover[] }>();
  const at = (account: string, value: string, commodity: string): Turnover[] => {
    const id = account + SEPARATOR + value + SEPARATOR + commodity;
    let sums = found.get(id);
    if (sums === undefined) {
      const through = wanted.through.map(() => ({ debit: 0n, credit: 0n, lines: 0n }));
      found.set(id, (sums = { account, value, commodity, through }));
    }
    return sums.through;
  };
  const isAll = knownAt >= position && highest - knownAt <= segmentEvents;
  const nearest = Math.round(knownAt / segmentEvents);
  const whole = nearest * segmentEvents > position ? nearest - 1 : nearest;

  for (const row of await storedSums(db, profile, wanted, isAll ? undefined : whole)) {
    const through = at(row.account, row.value, row.commodity);
    for (const i of wanted.through.keys())
      through[i] = {
        debit: BigInt(row[`debit${i}`] ?? 0),
        credit: BigInt(row[`credit${i}`] ?? 0),
        lines: BigInt(row[`lines${i}`] ?? 0),
      };
  }
  const border = isAll ? highest : whole * segmentEvents;
  const sign = border > knownAt ? -1n : 1n;
  const [after, until] = border > knownAt ? [knownAt, border] : [border, knownAt];
  const counted = until > after ? await entriesBetween(db, profile, wanted.fund, after, until) : [];
  const visit = sumsOf(profile);
  for (const row of counted) {
    const amount = sign * row.amount;
    visit(toEntry(row), (account, detail, value, isDebit) => {
      if (detail !== wanted.detail || !isWanted(account, wanted.accounts)) return;
      if (wanted.value !== undefined && value !== wanted.value) return;
      const through = at(account, value, row.commodity);
      for (const [i, day] of wanted.through.entries()) {
        const sums = through[i];
        if (row.day > day || sums === undefined) continue;
        through[i] = {
          debit: sums.debit + (isDebit ? amount : 0n),
          credit: sums.credit + (isDebit ? 0n : amount),
          lines: sums.lines + sign,
        };
      }
    });
  }
  return [...found.values()]
    .filter(({ through }) => through.some(({ debit, credit }) => debit !== 0n || credit !== 0n))
    .toSorted(
      (a, b) =>
        compare(a.account, b.account) || compare(a.value, b.value) || compare(a.commodity, b.commodity),
    );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isWanted = (account: string, accounts: readonly string[] | undefined): boolean =>
  accounts === undefined || accounts.some((each) => account === each || account.startsWith(`${each}:`));

type StoredSums = Pick<SumRow, 'account' | 'value' | 'commodity'> &
  Readonly<Record<string, bigint | string | null>>;

async function storedSums(
  db: Kysely<EntryTables>,
  profile: Profile,
  { fund, detail, accounts, isExact = false, value, through }: SumsWanted,
  segmentsBefore: number | undefined,
): Promise<StoredSums[]> {
  const last = through.reduce((a, b) => (a > b ? a : b));
  let select = db
    .selectFrom(`${prefixOf(profile)}_sum`)
    .select(['account', 'value', 'commodity'])
    .select(
      through.flatMap((day, i) =>
        (['debit', 'credit', 'lines'] as const).map((name) =>
          sql<bigint>`sum(case when day <= ${day} then ${sql.ref(name)} else 0 end)`.as(`${name}${i}`),
        ),
      ),
    )
    .where('fund', '=', fund)
    .where('detail', '=', detail)
    .where('day', '<=', last)
    .groupBy(['account', 'value', 'commodity']);
  if (segmentsBefore !== undefined) select = select.where('segment', '<', BigInt(segmentsBefore));
  if (value !== undefined) select = select.where('value', '=', value);
  if (accounts !== undefined && isExact)
    select = select.where('account', 'in', accounts.length === 0 ? [NO_ACCOUNT] : [...accounts]);
  else if (accounts !== undefined)
    select = select.where((eb) =>
      eb.or(
        accounts.length === 0
          ? [eb('account', '=', NO_ACCOUNT)]
          : accounts.flatMap((account) => [
              eb('account', '=', account),
              // Own accounts behind it: from `112:` to before `112;`.
              eb.and([eb('account', '>', `${account}:`), eb('account', '<', `${account};`)]),
            ]),
      ),
    );
  return (await select.execute()) as unknown as StoredSums[];
}

/** `or ()` is no SQL; no account is this. */
const NO_ACCOUNT = SEPARATOR;

/** Entries between two positions, by the transaction that read them: one book asks for them several times. */
const between = new WeakMap<Kysely<EntryTables>, Map<string, Promise<EntryRow[]>>>();

function entriesBetween(
  db: Kysely<EntryTables>,
  profile: Profile,
  fund: string,
  after: number,
  until: number,
): Promise<EntryRow[]> {
  const known = between.get(db) ?? new Map<string, Promise<EntryRow[]>>();
  between.set(db, known);
  const id = `${profile.name} ${fund} ${after} ${until}`;
  let rows = known.get(id);
  if (rows === undefined) known.set(id, (rows = readBetween(db, profile, fund, after, until)));
  return rows;
}

async function readBetween(
  db: Kysely<EntryTables>,
  profile: Profile,
  fund: string,
  after: number,
  until: number,
): Promise<EntryRow[]> {
  const rows = await db
    .selectFrom(prefixOf(profile))
    .selectAll()
    .where('fund', '=', fund)
    .where('position', '>', BigInt(after))
    .where('position', '<=', BigInt(until))
    .execute();
  return rows.map(fromStored);
}

/**
 * No entry that was known at a position counts for a later day than this: a book as known long ago looks no further.
 * Undefined: nothing was known.
 */
export async function lastKnownDay(
  db: Kysely<EntryTables>,
  profile: Profile,
  fund: string,
  { knownAt, segmentEvents = SEGMENT_EVENTS }: SumsStand,
): Promise<Day | undefined> {
  const [row] = await db
    .selectFrom(`${prefixOf(profile)}_sum`)
    .select((eb) => eb.fn.max('day').as('day'))
    .where('fund', '=', fund)
    .where('detail', '=', '')
    .where('segment', '<=', BigInt(Math.floor(knownAt / segmentEvents)))
    .execute();
  return row?.day ?? undefined;
}

/** How many sides of entries stand on each day after one, for one account or one value of a detail of it. */
export async function readLineCounts(
  db: Kysely<EntryTables>,
  profile: Profile,
  {
    fund,
    detail,
    account,
    value,
    from,
    to,
  }: { fund: string; detail: Detail | ''; account: string; value: string; from: Day; to: Day },
): Promise<{ day: Day; lines: bigint }[]> {
  const rows = await db
    .selectFrom(`${prefixOf(profile)}_sum`)
    .select(['day', sql<bigint>`sum(lines)`.as('lines')])
    .where('fund', '=', fund)
    .where('detail', '=', detail)
    .where('account', '=', account)
    .where('value', '=', value)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .groupBy('day')
    .orderBy('day')
    .execute();
  return rows.map(({ day, lines }) => ({ day, lines: BigInt(lines) }));
}
