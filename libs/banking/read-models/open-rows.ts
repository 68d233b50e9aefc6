import { type RawBuilder, type Transaction, sql } from 'kysely';
import type { Day } from '#kernel';
import type { Stand } from '#read-models';
import { partOf } from '../domain/bank.ts';
import { absolute } from '../domain/statement.ts';
import { type AccountRead, type LineRow, type Tables, matchIn, unitsFrom } from './account.ts';
import type { BankUnitRow, BookEntryRow } from './open.ts';

/** Where the page before ended, in the order of day and id; the id of a line or part, or of an entry. */
export interface After {
  readonly day: Day;
  readonly id: string;
}

/** Before the first row. */
export const FROM_START: After = { day: '', id: '' };

export interface UnitsQuery {
  readonly after: After;
  /** Lines that are looked at; a split one may give several units. */
  readonly limit: number;
  /** True: only what no match holds; false: only what one holds. */
  readonly open?: boolean | undefined;
  readonly from?: Day | undefined;
}

/** Parameters of one statement stay far below what databases take. */
const NAMES_AT_ONCE = 500;

const wholeOf = (unit: string): string => unit.split('.', 1)[0] ?? unit;

/** Text that stands between a line and its parts, and the sign after it. */
const isPart = (line: RawBuilder<string>): RawBuilder<boolean> =>
  sql<boolean>`m.unit > ${line} || '.' and m.unit < ${line} || '/'`;

const LINE = sql<string>`l.line`;

/**
 * The lines of an account by day and id, each split one as its parts, and where the next page begins (null: the end).
 * Whether something is open is asked of the database, so that a page costs what it shows.
 */
export async function readUnitPage(
  trx: Transaction<Tables>,
  { account: { account }, parts }: AccountRead,
  { knownAt, through }: Stand,
  { after, limit, open, from }: UnitsQuery,
): Promise<{ readonly units: readonly BankUnitRow[]; readonly next: After | null }> {
  const whole = matchIn(account, 'line', sql<boolean>`m.unit = ${LINE}`, knownAt);
  const ofPart = matchIn(account, 'line', isPart(LINE), knownAt);
  // A split line is in no match itself, so it is always among the open ones; its parts are looked at below.
  const wanted =
    open === undefined
      ? sql<boolean>`1 = 1`
      : open
        ? sql<boolean>`${whole} is null`
        : sql<boolean>`(${whole} is not null or ${ofPart} is not null)`;
  const { rows } = await sql<Omit<LineRow, 'account' | 'position'> & { readonly match: string | null }>`
    select l.day, l.line, l.amount, l.balance, l.narrative, l.counterparty, l.bank_ref, ${whole} as "match"
    from bank_line l
    where l.account = ${account} and (l.day, l.line) >= (${after.day}, ${wholeOf(after.id)})
    and l.day >= ${from ?? ''} and l.day <= ${through} and l.position <= ${BigInt(knownAt)} and ${wanted}
    order by l.day, l.line limit ${limit + 1}`.execute(trx);
  const split = rows.flatMap(({ line }) =>
    (parts.get(line) ?? []).map((_, index) => partOf(line, index + 1)),
  );
  const matched = await matchesOf(trx, account, 'line', split, knownAt);
  const units = rows.slice(0, limit).flatMap(({ match, ...row }) =>
    unitsFrom(row, parts.get(row.line), (unit) => (unit === row.line ? match : (matched.get(unit) ?? null)))
      .toSorted((a, b) => (a.unit < b.unit ? -1 : 1))
      .filter(
        (unit) =>
          (unit.day > after.day || unit.unit > after.id) &&
          (open === undefined || open === (unit.match === null)),
      ),
  );
  const beyond = rows[limit];
  return { units, next: beyond ? { day: beyond.day, id: beyond.line } : null };
}

/** The matches of units or entries that are in one. */
async function matchesOf(
  trx: Transaction<Tables>,
  account: string,
  side: 'line' | 'entry',
  units: readonly string[],
  knownAt: number,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let at = 0; at < units.length; at += NAMES_AT_ONCE) {
    const names = units.slice(at, at + NAMES_AT_ONCE);
    const { rows } = await sql<{ readonly unit: string; readonly match: string }>`
      select m.unit, m."match" from bank_matched m
      where m.account = ${account} and m.side = ${side} and m.unit in (${sql.join(names)})
      and m.position <= ${BigInt(knownAt)}
      and not exists (select 1 from bank_unmatched u
        where u.account = m.account and u."match" = m."match" and u.position <= ${BigInt(knownAt)})`.execute(
      trx,
    );
    for (const { unit, match } of rows) found.set(unit, match);
  }
  return found;
}

/** Entries of the account's books that no line is matched with, from its first day on, by day and id. */
export async function readOpenEntryPage(
  trx: Transaction<Tables>,
  { account: { account, books, commodity, startsOn } }: AccountRead,
  { knownAt, through }: Stand,
  { after, limit }: Pick<UnitsQuery, 'after' | 'limit'>,
): Promise<{ readonly entries: readonly BookEntryRow[]; readonly isMore: boolean }> {
  const entries: BookEntryRow[] = [];
  const match = matchIn(account, 'entry', sql<boolean>`m.unit = e.entry`, knownAt);
  for (const { fund, account: own } of books) {
    const { rows } = await sql<Omit<BookEntryRow, 'fund' | 'amount'> & { readonly amount: bigint }>`
      select e.day, e.entry, e.amount, e.voucher, e.donor, e.pledge from book_entry e
      where e.fund = ${fund} and e.account = ${own} and e.commodity = ${commodity}
      and (e.day, e.entry) > (${after.day}, ${after.id}) and e.day >= ${startsOn} and e.day <= ${through}
      and e.position <= ${BigInt(knownAt)} and ${match} is null
      order by e.day, e.entry limit ${limit + 1}`.execute(trx);
    for (const { amount, ...row } of rows) entries.push({ ...row, fund, ...absolute(amount), match: null });
  }
  if (books.length > 1)
    entries.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.entry < b.entry ? -1 : 1));
  return { entries: entries.slice(0, limit), isMore: entries.length > limit };
}

/** A match that a person decided, its lines' texts and who gave what it was matched with. */
export interface DecidedMatch {
  readonly rule: string | null;
  readonly narrative: string | null;
  readonly counterparty: string | null;
  readonly donors: readonly string[];
}

interface DecidedRow {
  readonly match: string;
  readonly side: string;
  readonly unit: string;
  readonly rule: string | null;
  readonly fund: string | null;
  readonly day: Day | null;
}

/**
 * The newest matches that people decided, at most `limit` lines: without a rule, or by booking the line. What rules
 * are learned from.
 */
export async function readDecidedMatches(
  trx: Transaction<Tables>,
  { account: { account, books } }: AccountRead,
  { knownAt }: Stand,
  rules: readonly string[],
  limit: number,
): Promise<readonly DecidedMatch[]> {
  const { rows } = await sql<DecidedRow>`
    select m."match", m.side, m.unit, m.rule, m.fund, m.day from bank_matched m
    where m.account = ${account} and (m.rule is null or m.rule in (${sql.join(rules)}))
    and m.position <= ${BigInt(knownAt)}
    and not exists (select 1 from bank_unmatched u
      where u.account = m.account and u."match" = m."match" and u.position <= ${BigInt(knownAt)})
    order by m.position desc, m."match", m.side, m.unit limit ${limit * 2}`.execute(trx);
  const entries = rows.filter(({ side }) => side === 'entry');
  const lines = rows.filter(({ side }) => side === 'line');
  const donors = new Map<string, string | null>();
  for (const { fund, account: own } of books)
    for (let at = 0; at < entries.length; at += NAMES_AT_ONCE) {
      const some = entries.slice(at, at + NAMES_AT_ONCE).filter((entry) => entry.fund === fund);
      if (some.length === 0) continue;
      const keys = some.map(({ day, unit }) => sql`(${day}, ${unit})`);
      const found = await sql<{ readonly entry: string; readonly donor: string | null }>`
        select e.entry, e.donor from book_entry e where e.fund = ${fund} and e.account = ${own}
        and (e.day, e.entry) in (values ${sql.join(keys)})`.execute(trx);
      for (const { entry, donor } of found.rows) donors.set(entry, donor);
    }
  const texts = new Map<string, Pick<LineRow, 'narrative' | 'counterparty'>>();
  for (let at = 0; at < lines.length; at += NAMES_AT_ONCE) {
    const names = lines.slice(at, at + NAMES_AT_ONCE).map(({ unit }) => wholeOf(unit));
    const found = await sql<Pick<LineRow, 'line' | 'narrative' | 'counterparty'>>`
      select l.line, l.narrative, l.counterparty from bank_line l
      where l.account = ${account} and l.line in (${sql.join(names)})`.execute(trx);
    for (const { line, ...text } of found.rows) texts.set(line, text);
  }
  const ofMatch = Map.groupBy(entries, ({ match }) => match);
  return lines.flatMap(({ match, unit, rule }): DecidedMatch[] => {
    const text = texts.get(wholeOf(unit));
    const given = (ofMatch.get(match) ?? []).map((entry) => donors.get(entry.unit) ?? '');
    return text ? [{ rule, ...text, donors: [...new Set(given)] }] : [];
  });
}
