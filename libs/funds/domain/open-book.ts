import { type Context, type Day, type Fact, type Result, isGoodCode, ok, refuse, yearOf } from '#kernel';
import { carriedBalances } from './account-balances.ts';
import { carriedCaps } from './admin-cap.ts';
import { carriedRules } from './approvals.ts';
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
  const last = opened.toSorted((a, b) => b.year - a.year)[0];
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
  const data: BookOpened = { fund, year, ...rest, accounts };
  const stream = bookStream(fund, year);
  const carried = last ? carriedPools(last) : [];
  const caps = last ? carriedCaps(last.admin, last.year) : [];
  const rules = last ? carriedRules(last.approvals, last.year, effectiveOn) : [];
  const items = last ? carriedItems(last.items, last.year) : [];
  const advances = last ? carriedAdvances(last) : [];
  const short = last ? carriedShortfalls(last) : [];
  const predecessors = last ? predecessorsOf(last).map((one) => ({ ...one, from: last.year })) : [];
  const open = last ? carriedDisbursements(last) : [];
  return ok([
    { stream, type: 'book.opened.v1', effectiveOn, data },
    ...carried.map((pool) => ({ stream, type: 'book.pool-carried.v1', effectiveOn, data: pool })),
    ...balances.map((held) => ({ stream, type: 'book.account-carried.v1', effectiveOn, data: held })),
    ...short.map((pool) => ({ stream, type: 'book.shortfall-carried.v1', effectiveOn, data: pool })),
    ...predecessors.map((one) => ({ stream, type: 'book.predecessor-carried.v1', effectiveOn, data: one })),
    ...caps.map((cap) => ({ stream, type: 'book.admin-cap-set.v1', effectiveOn, data: cap })),
    ...rules.map((rule) => ({ stream, type: 'book.approval-rule-set.v1', effectiveOn, data: rule })),
    ...items.map((item) => ({ stream, type: 'book.open-item-carried.v1', effectiveOn, data: item })),
    ...open.map((each) => ({ stream, type: 'book.disbursement-carried.v1', effectiveOn, data: each })),
    ...advances.map((held) => ({ stream, type: 'book.advance-carried.v1', effectiveOn, data: held })),
  ]);
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
