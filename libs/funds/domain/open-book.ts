import {
  type Context,
  type Day,
  type Fact,
  type Result,
  invariant,
  isGoodCode,
  ok,
  refuse,
  yearOf,
} from '#kernel';
import { carriedBalances } from './account-balances.ts';
import { carriedCaps } from './admin-cap.ts';
import { carriedDecisions, carriedRules } from './approvals.ts';
import { type BookState, poolOf, toWire } from './book.ts';
import { checkBankOf } from './checks.ts';
import { shortToWire } from './covers.ts';
import { carriedAdvances } from './debts-state.ts';
import { SPANS_PER_EVENT_MAX, numbered } from './draw-pools.ts';
import type { AccountCarried } from './events-accounts.ts';
import { carriedDisbursements } from './carried-disbursements.ts';
import type { ShortfallCarried } from './events-corrections.ts';
import {
  type AccountOpened,
  type BookOpened,
  type FundLevel,
  type PoolCarried,
  bookStream,
} from './events.ts';
import { carriedItems } from './open-items.ts';
import { predecessorsOf } from './predecessors.ts';
import { chunks, shortPieces, shortsOf } from './shortfalls.ts';

export interface OpenBook {
  readonly fund: string;
  readonly year: number;
  readonly name: string;
  readonly level: FundLevel;
  /** Place id, already resolved. */
  readonly place: string | null;
  readonly accounts: readonly AccountOpened[];
  readonly goods: readonly { readonly code: string; readonly unit: string; readonly exponent: number }[];
  readonly effectiveOn: Day;
}

/**
 * Opens the book of a fund for a fiscal year with the pools that its last book carried forward, so that unit
 * numbers run on. That book must be closed: two open books would number the same units twice. A book has at
 * least one account: every money event names one. `others`: the fund's books of the years around.
 */
export function decideOpenBook(
  command: OpenBook,
  book: BookState,
  others: readonly BookState[],
  _context: Context,
): Result<Fact[]> {
  const { fund, year, effectiveOn, ...rest } = command;
  if (book.status !== 'unopened') return refuse('BOOK_EXISTS', { fund, year: String(year) });
  const opened = others.filter(({ status }) => status !== 'unopened');
  const later = opened.find((other) => other.year > year);
  if (later) return refuse('BOOK_OUT_OF_ORDER', { fund, year: String(year), later: String(later.year) });
  const last = latest(opened);
  if (last?.merged) return refuse('FUND_MERGED', { fund, ...last.merged });
  if (last?.status === 'open') return refuse('BOOK_BEFORE_OPEN', { fund, before: String(last.year) });
  if (yearOf(effectiveOn) !== year)
    return refuse('DATE_OUTSIDE_BOOK', { date: effectiveOn, year: String(year) });
  if (command.accounts.length === 0) return refuse('BOOK_WITHOUT_ACCOUNT', { fund });
  const wrong = command.goods.find(({ code }) => !isGoodCode(code));
  if (wrong) return refuse('GOOD_CODE_INVALID', { code: wrong.code });
  const account = repeated(command.accounts.map((a) => a.account));
  if (account !== undefined) return refuse('ACCOUNT_EXISTS', { account, fund });
  for (const opened of command.accounts) {
    const bank = checkBankOf(opened);
    if (!bank.ok) return bank;
  }
  const code = repeated(command.goods.map((good) => good.code));
  if (code !== undefined) return refuse('GOOD_EXISTS', { code, fund });
  const balances = last ? carriedBalances(last) : [];
  const accounts = [...command.accounts, ...leftOut(command.accounts, balances, last)];
  const stream = bookStream(fund, year);
  const carried = last ? carriedFacts(last, stream, effectiveOn) : [];
  const now = firstOf(carried);
  const data: BookOpened = {
    fund,
    year,
    ...rest,
    accounts,
    ...(now.length < carried.length && { carries: carried.length }),
  };
  return ok([{ stream, type: 'book.opened.v1', effectiveOn, data }, ...now]);
}

/**
 * Goes on carrying what the book before left, where it was too much for one append: as much as fits, again and again
 * until all is here. Until then the book takes nothing else.
 */
export function decideCarryForward(
  { fund, year }: { readonly fund: string; readonly year: number },
  book: BookState,
  others: readonly BookState[],
): Result<Fact[]> {
  if (book.status === 'unopened') return refuse('BOOK_UNKNOWN', { fund, year: String(year) });
  const { carrying } = book;
  if (!carrying) return refuse('BOOK_CARRIED', { fund, year: String(year) });
  const last = latest(others.filter((other) => other.year < year));
  invariant(last !== undefined, 'what is carried comes from a book before');
  const carried = carriedFacts(last, bookStream(fund, year), carrying.on);
  return ok(firstOf(carried.slice(carried.length - carrying.left)));
}

/** The fund's book of the latest year. */
const latest = (books: readonly BookState[]): BookState | undefined =>
  books.filter(({ status }) => status !== 'unopened').toSorted((a, b) => b.year - a.year)[0];

/** All that a book leaves to the next one, in an order that is always the same. */
function carriedFacts(last: BookState, stream: string, effectiveOn: Day): Fact[] {
  const facts = (type: string, all: readonly object[]): Fact[] =>
    all.map((data) => ({ stream, type, effectiveOn, data }));
  return [
    ...facts('book.pool-carried.v1', carriedPools(last)),
    ...facts('book.account-carried.v1', carriedBalances(last)),
    ...facts('book.shortfall-carried.v1', carriedShortfalls(last)),
    ...facts(
      'book.predecessor-carried.v1',
      predecessorsOf(last).map((one) => ({ ...one, from: last.year })),
    ),
    ...facts('book.admin-cap-set.v1', carriedCaps(last.admin, last.year)),
    ...facts('book.approval-rule-set.v1', carriedRules(last.approvals, last.year, effectiveOn)),
    ...facts('book.decision-carried.v1', carriedDecisions(last.approvals, last.year)),
    ...facts('book.open-item-carried.v1', carriedItems(last.items, last.year)),
    ...facts('book.disbursement-carried.v1', carriedDisbursements(last)),
    ...facts('book.advance-carried.v1', carriedAdvances(last)),
  ];
}

/** Events of one append that carry; the log takes 1,000 of a command. */
export const CARRIED_PER_APPEND_MAX = 900;
/** Their text in one append: the log takes 1 MiB with all that stands around it. */
const CARRIED_CHARS_MAX = 400_000;

/** As many of the facts as one append takes, at least one. */
function firstOf(facts: readonly Fact[]): Fact[] {
  let [count, chars] = [0, 0];
  for (const fact of facts.slice(0, CARRIED_PER_APPEND_MAX)) {
    chars += JSON.stringify(fact.data).length;
    if (count > 0 && chars > CARRIED_CHARS_MAX) break;
    count += 1;
  }
  return facts.slice(0, count);
}

/** Accounts with something in them that the opening does not name: what lies there does not go away. */
const leftOut = (
  named: readonly AccountOpened[],
  balances: readonly AccountCarried[],
  last: BookState | undefined,
): AccountOpened[] => {
  const held = new Set(balances.map(({ account }) => account));
  return [...held].flatMap((account) => {
    const kind = last?.accounts.get(account);
    return kind === undefined || named.some((opened) => opened.account === account)
      ? []
      : [{ account, kind }];
  });
};

function carriedPools(last: BookState): PoolCarried[] {
  return [...last.pools].flatMap(([pool, { minted, free, movedIn }]) => {
    const length = Math.max(1, Math.ceil(Math.max(free.length, movedIn.length) / RANGES_PER_KIND_MAX));
    const parts = Array.from({ length }, (_, index) => index * RANGES_PER_KIND_MAX);
    return numbered(parts, (at) => ({
      pool,
      from: last.year,
      minted: String(minted),
      free: free.slice(at, at + RANGES_PER_KIND_MAX).map(toWire),
      movedIn: movedIn.slice(at, at + RANGES_PER_KIND_MAX).map(toWire),
    }));
  });
}

/** What pools lack is carried as well: the next book's units fill it. */
const carriedShortfalls = (last: BookState): ShortfallCarried[] =>
  [...last.short].flatMap((pool) =>
    numbered(chunks(poolOf(last, pool).shortfalls.flatMap(shortPieces)), (part) => ({
      pool,
      from: last.year,
      short: shortsOf(part).map(shortToWire),
    })),
  );

/** An event holds free and moved ranges: half of what it carries at most for each. */
const RANGES_PER_KIND_MAX = SPANS_PER_EVENT_MAX / 2;

const repeated = (names: readonly string[]): string | undefined =>
  names.find((name, index) => names.indexOf(name) !== index);
