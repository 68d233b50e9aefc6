import type { Scope } from '#access';
import { exponentsOf, readBooks } from '#funds';
import { type CommodityCode, type Day, type Result, ok, refuse } from '#kernel';
import { type AsOf, type ReadContext, readAsOf } from '#read-models';
import type { Bilingual, Book } from './book.ts';
import type { Body, Builder } from './books/frame.ts';
import { journal } from './books/journal.ts';
import { bankBook, cashBook, detailLedger, generalLedger } from './books/ledgers.ts';
import { activities, byRecipient, bySource, disclosure } from './books/statements.ts';
import { trialBalance } from './books/trial-balance.ts';
import { BOOK_NAMES, type BookName, type Detail, type Profile } from './domain/profile.ts';
import { DEFAULT_PROFILE, profileNamed, profiles } from './profile.ts';
import {
  PAGE_ROWS_DEFAULT,
  PAGE_ROWS_MAX,
  PLACE_PATTERN,
  readPlace,
  writePlace,
} from './read-models/read-lines.ts';
import { type EntryTables, lastKnownDay } from './read-models/read-sums.ts';
import { projectionName } from './read-models/tables.ts';

/** One function for each book. */
const BUILDERS: Readonly<Record<BookName, Builder>> = {
  journal,
  'general-ledger': generalLedger,
  'detail-ledger': detailLedger,
  'cash-book': cashBook,
  'bank-book': bankBook,
  'trial-balance': trialBalance,
  'receipts-and-uses-by-source': bySource,
  'receipts-and-uses-by-recipient': byRecipient,
  activities,
  'disclosure-quarter': disclosure,
  'disclosure-year': disclosure,
};

/** Rows of a book written into one file at most; a spreadsheet holds a million. */
export const FILE_ROWS_MAX = 200_000;

export interface BookQuery extends AsOf {
  readonly scope: Scope;
  readonly fund: string;
  readonly year: number;
  readonly book: string;
  /** {@link DEFAULT_PROFILE} when absent. */
  readonly profile?: string | undefined;
  /** First and last day; the whole year when absent. Both within the year. */
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  /** A number of the chart; of cash and bank books the own account. */
  readonly account?: string | undefined;
  readonly by?: Detail | undefined;
  readonly key?: string | undefined;
  /** VND when absent. */
  readonly commodity?: CommodityCode | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  /** Rows of a page, 1 … {@link PAGE_ROWS_MAX}. */
  readonly limit?: number | undefined;
}

const QUARTER_MONTHS = 3;

/** The days of a quarter, 1 … 4. */
export function quarterOf(year: number, quarter: number): { readonly from: Day; readonly to: Day } {
  const first = (quarter - 1) * QUARTER_MONTHS + 1;
  const last = first + QUARTER_MONTHS - 1;
  const pad = (n: number): string => String(n).padStart(2, '0');
  return {
    from: `${year}-${pad(first)}-01`,
    to: `${year}-${pad(last)}-${last === 3 || last === 12 ? 31 : 30}`,
  };
}

const isBookName = (name: string): name is BookName => (BOOK_NAMES as readonly string[]).includes(name);

/** What the query names, found; or what is wrong with it. */
function check(query: BookQuery): Result<{ profile: Profile; name: BookName; from: Day; to: Day }> {
  const { year, book: name, profile: profileName = DEFAULT_PROFILE, after } = query;
  const profile = profileNamed(profileName);
  if (profile === undefined)
    return refuse('PROFILE_UNKNOWN', {
      profile: profileName,
      known: profiles.map((each) => each.name).join(', '),
    });
  if (!isBookName(name)) return refuse('BOOK_NAME_UNKNOWN', { book: name, known: BOOK_NAMES.join(', ') });
  const { from = `${year}-01-01`, to = `${year}-12-31` } = query;
  if (from > to || !from.startsWith(`${year}-`) || !to.startsWith(`${year}-`))
    return refuse('PERIOD_OUTSIDE_YEAR', { from, to, year: String(year) });
  if (after !== undefined && !PLACE_PATTERN.test(after)) return refuse('PLACE_INVALID');
  return ok({ profile, name, from, to });
}

/**
 * One page of a book as it stands by two dates; null when there is no such book or the scope does not see it. Its
 * figures are those of `knownAt` and of days through `effectiveThrough`, whatever partitions are ahead.
 * `segmentEvents` is for tests.
 */
export async function readBook(
  context: ReadContext,
  query: BookQuery,
  segmentEvents?: number,
): Promise<Result<Book> | null> {
  const checked = check(query);
  if (!checked.ok) return checked;
  const { profile, name, from, to } = checked.value;
  const { scope, fund, year, effectiveThrough, limit = PAGE_ROWS_DEFAULT } = query;
  const found = await readBooks(context, { scope, funds: [fund], effectiveThrough, knownAt: query.knownAt });
  const book = found.rows.find((each) => each.year === year);
  if (book === undefined) return null;
  const { built, ...standing } = await readAsOf<EntryTables, { built: Result<Body> }>(
    context,
    [projectionName(profile)],
    { effectiveThrough, knownAt: query.knownAt },
    async (db, stand) => ({
      built: await BUILDERS[name]({
        lastDay:
          stand.knownAt < stand.position
            ? await lastKnownDay(db, profile, fund, { ...stand, segmentEvents })
            : undefined,
        db,
        stand: { ...stand, segmentEvents },
        profile,
        fund,
        book,
        from,
        to: effectiveThrough !== undefined && effectiveThrough < to ? effectiveThrough : to,
        commodity: query.commodity ?? 'VND',
        account: query.account,
        by: query.by,
        key: query.key,
        after: query.after === undefined ? null : readPlace(query.after),
        limit: Math.min(Math.max(1, limit), PAGE_ROWS_MAX),
      }),
    }),
  );
  if (!built.ok) return built;
  const { next, notes = [], ...body } = built.value;
  const { vi, en, form, signatures, columns: titles = {} } = profile.books[name];
  const exponentOf = exponentsOf(found.rows);
  const commodities = new Set([...body.rows, ...body.totals].map(({ commodity }) => commodity));
  return ok({
    name,
    title: { vi, en },
    form: form === null ? null : { code: form, confirm: true },
    profile: profile.name,
    unit: { fund, name: book.name },
    period: { year, from, to },
    openedOn: book.openedOn,
    ...body,
    columns: body.columns.map((column) => ({ ...column, ...titles[column.key] })),
    exponents: Object.fromEntries([...commodities].sort().map((each) => [each, exponentOf(each)])),
    signatures,
    notes: [...notes, ...warningsOf(profile, from, to)],
    page: { next: next && writePlace(next), isFirst: query.after === undefined },
    ...standing,
  });
}

/** What a reader has to know of the profile. */
function warningsOf(profile: Profile, from: Day, to: Day): Bilingual[] {
  const isOutside = from < profile.validFrom || (profile.validTo !== null && to > profile.validTo);
  const isUnconfirmed = profile.chart.some(({ confirm }) => confirm === true);
  const { validFrom, validTo } = profile;
  const validity = {
    vi: validTo === null ? validFrom : `${validFrom} đến ${validTo}`,
    en: validTo === null ? validFrom : `${validFrom} to ${validTo}`,
  };
  return [
    ...(isOutside
      ? [
          {
            vi: `Chế độ kế toán này áp dụng từ ${validity.vi}; kỳ của sổ có ngày ngoài thời hạn đó.`,
            en: `This accounting profile holds from ${validity.en}; the period has days outside.`,
          },
        ]
      : []),
    ...(isUnconfirmed
      ? [
          {
            vi: 'Số hiệu tài khoản và mẫu sổ cần kế toán xác nhận trước khi nộp báo cáo.',
            en: 'An accountant has to confirm account and form numbers before a report is filed.',
          },
        ]
      : []),
  ];
}

/** A whole book, all its pages after each other; refused when it has more rows than a file may have. */
export async function readWholeBook(context: ReadContext, query: BookQuery): Promise<Result<Book> | null> {
  const first = await readBook(context, { ...query, after: undefined, limit: PAGE_ROWS_MAX });
  if (first === null || !first.ok) return first;
  let last = first.value;
  const rows = [...last.rows];
  while (last.page.next !== null) {
    // Every page as the first one knew the log, so that they are one book.
    const { knownAt } = first.value;
    const page = await readBook(context, { ...query, knownAt, after: last.page.next, limit: PAGE_ROWS_MAX });
    if (page === null || !page.ok) return page;
    last = page.value;
    rows.push(...last.rows.filter(({ kind }) => kind !== 'opening'));
    if (rows.length > FILE_ROWS_MAX) return refuse('BOOK_TOO_LONG', { max: String(FILE_ROWS_MAX) });
  }
  return ok({ ...first.value, rows, totals: last.totals, page: { next: null, isFirst: true } });
}
