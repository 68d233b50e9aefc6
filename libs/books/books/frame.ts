import type { Kysely } from 'kysely';
import type { BookRow as FundBook } from '#funds';
import { type CommodityCode, type Day, type Result, ok, refuse } from '#kernel';
import type { Bilingual, Book, BookColumn, BookRow } from '../book.ts';
import { OWN_MARK, chartCode, ownPart } from '../domain/entries.ts';
import type { ChartAccount, Detail, Profile } from '../domain/profile.ts';
import type { Place } from '../read-models/read-lines.ts';
import {
  type EntryTables,
  type Sums,
  type SumsStand,
  type Turnover,
  readSums,
} from '../read-models/read-sums.ts';
import { COLUMN, DESCRIPTIONS, valueWords } from '../words.ts';

/** A book that was asked for, with everything it is made from. */
export interface Asked {
  readonly db: Kysely<EntryTables>;
  readonly stand: SumsStand;
  readonly profile: Profile;
  readonly fund: string;
  readonly book: FundBook;
  readonly from: Day;
  readonly to: Day;
  /** No line is of a later day; undefined: any may be. */
  readonly lastDay: Day | undefined;
  readonly commodity: CommodityCode;
  readonly account: string | undefined;
  readonly by: Detail | undefined;
  /** Value of the detail; empty: not specified. */
  readonly key: string | undefined;
  readonly after: Place | null;
  readonly limit: number;
}

/** What differs from book to book. */
export type Body = Pick<Book, 'facts' | 'columns' | 'rows' | 'totals'> & {
  readonly notes?: readonly Bilingual[];
  readonly next: Place | null;
};

export type Builder = (asked: Asked) => Promise<Result<Body>>;

/** The day before; days of a book begin in year 1975 at the earliest. */
export function dayBefore(day: Day): Day {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}

export const yearStart = (day: Day): Day => `${day.slice(0, 4)}-01-01`;

/** Words as rows of this profile say them. */
export const say = ({ language }: Profile, { vi, en }: Bilingual): string =>
  language === 'vi' || vi === en ? vi : `${vi} / ${en}`;

/** What an entry says. */
export const describe = (profile: Profile, type: string): string =>
  say(profile, DESCRIPTIONS[type as keyof typeof DESCRIPTIONS]);

export const chartAccount = ({ chart }: Profile, account: string): ChartAccount | undefined =>
  chart.find(({ code }) => code === chartCode(account));

export const accountTitle = (profile: Profile, account: string): string => {
  const found = chartAccount(profile, account);
  const own = ownPart(account);
  return `${account} ${found ? say(profile, found) : ''}${own === undefined ? '' : ` (${own})`}`.trim();
};

/** Accounts whose balance stands on the debit side. */
export const isDebitSide = (account: ChartAccount | undefined): boolean =>
  account?.kind === 'asset' || account?.kind === 'expense';

/** Accounts that begin each year with 0; what they had goes to the result of the years before. */
export const isOfYear = (account: ChartAccount | undefined): boolean =>
  account?.kind === 'income' || account?.kind === 'expense';

/** Debit less credit. */
export const net = ({ debit, credit }: Pick<Turnover, 'debit' | 'credit'>): bigint => debit - credit;

/** A balance on the side where it stands. */
export const sides = (
  balance: bigint,
): { readonly debit: bigint | null; readonly credit: bigint | null } => ({
  debit: balance > 0n ? balance : null,
  credit: balance < 0n ? -balance : null,
});

/** What the books of a period count of an account. */
export interface Figures {
  readonly account: string;
  readonly value: string;
  readonly commodity: CommodityCode;
  /** Debit less credit on the evening before the period. */
  readonly opening: bigint;
  readonly debit: bigint;
  readonly credit: bigint;
  /** Since the year began. */
  readonly yearDebit: bigint;
  readonly yearCredit: bigint;
  readonly closing: bigint;
}

const NO_TURNOVER: Turnover = { debit: 0n, credit: 0n, lines: 0n };

/**
 * Opening, turnover of the period and of the year, and closing of each account, or of each value of a detail.
 * Income and expense begin each year with 0, and the result of the years before stands in its account.
 */
export async function readFigures(
  { db, stand, profile, fund, from, to }: Asked,
  wanted: {
    readonly detail: Detail | '';
    readonly accounts?: readonly string[];
    readonly isExact?: boolean;
    readonly value?: string | undefined;
  },
): Promise<Figures[]> {
  const through = [dayBefore(yearStart(from)), dayBefore(from), to];
  const sums = await readSums(db, profile, stand, { fund, ...wanted, through });
  const figures = sums
    .filter(({ account }) => !account.startsWith('#'))
    .map((each) => figuresOf(profile, each));
  if (wanted.detail !== '' || !(wanted.accounts?.includes(profile.result) ?? true)) return figures;
  return withResult(profile, figures, wanted.accounts === undefined ? sums : await allSums());

  function allSums(): Promise<Sums[]> {
    return readSums(db, profile, stand, { fund, detail: '', through });
  }
}

function figuresOf(profile: Profile, { account, value, commodity, through }: Sums): Figures {
  const [before = NO_TURNOVER, until = NO_TURNOVER, last = NO_TURNOVER] = through;
  const isYearly = isOfYear(chartAccount(profile, account));
  const opening = isYearly ? net(until) - net(before) : net(until);
  const [debit, credit] = [last.debit - until.debit, last.credit - until.credit];
  return {
    account,
    value,
    commodity,
    opening,
    debit,
    credit,
    yearDebit: last.debit - before.debit,
    yearCredit: last.credit - before.credit,
    closing: opening + debit - credit,
  };
}

/** Adds what income and expense came to in the years before to the account of results. */
function withResult(profile: Profile, figures: readonly Figures[], sums: readonly Sums[]): Figures[] {
  const earlier = new Map<CommodityCode, bigint>();
  for (const { account, commodity, through } of sums)
    if (isOfYear(chartAccount(profile, account)))
      earlier.set(commodity, (earlier.get(commodity) ?? 0n) + net(through[0] ?? NO_TURNOVER));
  const out = [...figures];
  for (const [commodity, amount] of earlier) {
    if (amount === 0n) continue;
    const at = out.findIndex((each) => each.account === profile.result && each.commodity === commodity);
    const known = out[at] ?? {
      account: profile.result,
      value: '',
      commodity,
      opening: 0n,
      debit: 0n,
      credit: 0n,
      yearDebit: 0n,
      yearCredit: 0n,
      closing: 0n,
    };
    const now = { ...known, opening: known.opening + amount, closing: known.closing + amount };
    if (at < 0) out.push(now);
    else out[at] = now;
  }
  return out.toSorted((a, b) => (a.account < b.account ? -1 : a.account > b.account ? 1 : 0));
}

/** Sums of figures, account by account and commodity. */
export const addFigures = (
  figures: readonly Figures[],
): Pick<Figures, 'opening' | 'debit' | 'credit' | 'yearDebit' | 'yearCredit' | 'closing'> => {
  const of = (pick: (each: Figures) => bigint): bigint => figures.reduce((n, each) => n + pick(each), 0n);
  return {
    opening: of((each) => each.opening),
    debit: of((each) => each.debit),
    credit: of((each) => each.credit),
    yearDebit: of((each) => each.yearDebit),
    yearCredit: of((each) => each.yearCredit),
    closing: of((each) => each.closing),
  };
};

/** Numbers of the chart that a question names: the account itself, or those under it (`366`: 3661, 3662 …). */
export function accountsUnder(profile: Profile, asked: string | undefined): Result<readonly string[]> {
  const known = profile.chart.map(({ code }) => code);
  if (asked === undefined) return refuse('BOOK_NEEDS_ACCOUNT', { known: known.join(', ') });
  const found = known.filter((code) => code.startsWith(chartCode(asked)));
  if (found.length === 0) return refuse('ACCOUNT_NOT_IN_CHART', { profile: profile.name, account: asked });
  return ok(ownPart(asked) === undefined ? found : [asked]);
}

/** Accounts as entries name them that have anything: own accounts stand behind their number. */
export async function storedAccounts(
  { db, stand, profile, fund, to }: Asked,
  codes: readonly string[],
): Promise<string[]> {
  const sums = await readSums(db, profile, stand, { fund, detail: '', accounts: codes, through: [to] });
  return [...new Set(sums.map(({ account }) => account))];
}

/** An own account as entries of this profile name it. */
export const ownAccount = ({ profile, book }: Asked, account: string): string | undefined => {
  const found = book.accounts.find((each) => each.account === account);
  return found && profile.own[found.kind] + OWN_MARK + found.account;
};

export const voucherColumns: readonly BookColumn[] = [
  { key: 'voucher', ...COLUMN.voucher, kind: 'text', group: COLUMN.vouchers },
  { key: 'voucherDay', ...COLUMN.voucherDay, kind: 'day', group: COLUMN.vouchers },
];

/** A row that stands apart, with its words in one column. */
export const framed = (
  kind: BookRow['kind'],
  commodity: CommodityCode,
  cells: BookRow['cells'],
): BookRow => ({ kind, cells, commodity, source: null });

/** Words of a value, in the language of the profile. */
export const sayValue = (profile: Profile, detail: Detail, value: string): string =>
  say(profile, valueWords(detail, value));
