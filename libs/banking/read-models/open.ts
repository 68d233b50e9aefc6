import { type Transaction, sql } from 'kysely';
import type { Day } from '#kernel';
import type { ReadContext, Stand, Standing } from '#read-models';
import type { OpenEntry } from '../domain/match/open.ts';
import { absolute } from '../domain/statement.ts';
import {
  type AccountRead,
  type BankSideQuery,
  type EntryRow,
  type LineRow,
  type Tables,
  readAccountAsOf,
  unitsFrom,
} from './account.ts';
import type { AccountFact, BankAccountRow } from './bank-accounts/bank-accounts.ts';

/** A line, or a part of a split one, as it stands. */
export interface BankUnitRow {
  readonly unit: string;
  readonly line: string;
  readonly day: Day;
  /** Money in is positive. */
  readonly amount: bigint;
  readonly balance: bigint | null;
  readonly narrative: string | null;
  readonly counterparty: string | null;
  readonly bankRef: string | null;
  readonly match: string | null;
}

/** A money event of the account's books. */
export interface BookEntryRow extends OpenEntry {
  readonly match: string | null;
}

/** A match that stands. */
export interface MatchRow {
  readonly match: string;
  readonly rule: string | null;
  readonly actor: string;
  readonly year: number;
  readonly lines: readonly string[];
  readonly entries: readonly string[];
}

/** Everything that is known of an account by two dates. */
export interface BankSide {
  readonly account: BankAccountRow;
  readonly facts: readonly AccountFact[];
  readonly units: readonly BankUnitRow[];
  readonly entries: readonly BookEntryRow[];
  readonly matches: ReadonlyMap<string, MatchRow>;
}

/** Reads both sides of an account in one snapshot; `side` null: unknown, or not in the scope. */
export function readBankSide(
  context: ReadContext,
  query: BankSideQuery,
): Promise<Standing & { readonly side: BankSide | null }> {
  return readAccountAsOf(context, query, (trx, stand, side) => sideOf(trx, stand, side));
}

async function sideOf(
  trx: Transaction<Tables>,
  stand: Stand,
  of: AccountRead | null,
): Promise<{ side: BankSide | null }> {
  if (!of) return { side: null };
  const { account, facts, parts } = of;
  const { matches, ofUnit, ofEntry } = await readMatches(trx, account.account, stand.knownAt);
  const units = await readUnits(trx, account.account, stand, parts, ofUnit);
  const entries = await readEntries(trx, account, stand, ofEntry);
  return { side: { account, facts, units, entries, matches } };
}

/** Rows that are read at once: a year of an account is not held twice. */
const ROWS_AT_ONCE = 5_000;

/** Where a page ended, in the order of the table. */
type LastLine = Pick<LineRow, 'day' | 'line'>;
type LastEntry = Pick<EntryRow, 'day' | 'entry'>;

async function readUnits(
  trx: Transaction<Tables>,
  account: string,
  { knownAt, through }: Stand,
  parts: ReadonlyMap<string, readonly string[]>,
  ofUnit: ReadonlyMap<string, string>,
): Promise<BankUnitRow[]> {
  const units: BankUnitRow[] = [];
  let last: LastLine | undefined = { day: '', line: '' };
  while (last) {
    const { day, line }: LastLine = last;
    const rows = await trx
      .selectFrom('bank_line')
      .select(['day', 'line', 'amount', 'balance', 'narrative', 'counterparty', 'bank_ref'])
      .where('account', '=', account)
      .where(sql<boolean>`(day, line) > (${day}, ${line})`)
      .where('position', '<=', BigInt(knownAt))
      .where('day', '<=', through)
      .orderBy('day')
      .orderBy('line')
      .limit(ROWS_AT_ONCE)
      .execute();
    for (const row of rows)
      units.push(...unitsFrom(row, parts.get(row.line), (unit) => ofUnit.get(unit) ?? null));
    last = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1);
  }
  return units;
}

async function readMatches(
  trx: Transaction<Tables>,
  account: string,
  knownAt: number,
): Promise<{ matches: Map<string, MatchRow>; ofUnit: Map<string, string>; ofEntry: Map<string, string> }> {
  const undone = await trx
    .selectFrom('bank_unmatched')
    .select('match')
    .where('account', '=', account)
    .where('position', '<=', BigInt(knownAt))
    .execute();
  const ended = new Set(undone.map(({ match }) => match));
  const rows = await trx
    .selectFrom('bank_matched')
    .selectAll()
    .where('account', '=', account)
    .where('position', '<=', BigInt(knownAt))
    .execute();
  const matches = new Map<string, MatchRow & { readonly lines: string[]; readonly entries: string[] }>();
  const [ofUnit, ofEntry] = [new Map<string, string>(), new Map<string, string>()];
  for (const { match, side, unit, rule, actor, year } of rows) {
    if (ended.has(match)) continue;
    const known = matches.get(match) ?? { match, rule, actor, year: Number(year), lines: [], entries: [] };
    matches.set(match, known);
    (side === 'line' ? known.lines : known.entries).push(unit);
    (side === 'line' ? ofUnit : ofEntry).set(unit, match);
  }
  return { matches, ofUnit, ofEntry };
}

async function readEntries(
  trx: Transaction<Tables>,
  { books, commodity }: BankAccountRow,
  { knownAt, through }: Stand,
  ofEntry: ReadonlyMap<string, string>,
): Promise<BookEntryRow[]> {
  const entries: BookEntryRow[] = [];
  for (const { fund, account } of books) {
    let last: LastEntry | undefined = { day: '', entry: '' };
    while (last) {
      const { day, entry }: LastEntry = last;
      const rows = await trx
        .selectFrom('book_entry')
        .select(['day', 'entry', 'amount', 'voucher', 'donor', 'pledge'])
        .where('fund', '=', fund)
        .where('account', '=', account)
        .where('commodity', '=', commodity)
        .where(sql<boolean>`(day, entry) > (${day}, ${entry})`)
        .where('position', '<=', BigInt(knownAt))
        .where('day', '<=', through)
        .orderBy('day')
        .orderBy('entry')
        .limit(ROWS_AT_ONCE)
        .execute();
      for (const { amount, ...row } of rows)
        entries.push({ ...row, fund, ...absolute(amount), match: ofEntry.get(row.entry) ?? null });
      last = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1);
    }
  }
  return entries;
}
