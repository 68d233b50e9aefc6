import {
  type CommodityCode,
  type Context,
  type Day,
  type Fact,
  type Result,
  isCurrency,
  ok,
  refuse,
  sizeOf,
} from '#kernel';
import { type BookState, type OpenDisbursement, headOf, poolOf, toWire } from './book.ts';
import { carriedBalances } from './account-balances.ts';
import { checklistOf } from './checklist.ts';
import { checkBook } from './checks.ts';
import { shortToWire } from './covers.ts';
import { SPANS_PER_EVENT_MAX, heldTotal, inParts, numbered } from './draw-pools.ts';
import type { AccountCarried } from './events-accounts.ts';
import type {
  AccountHandedOver,
  AccountRenamed,
  AdvanceHandedOver,
  BookMerged,
  DisbursementTakenOver,
  ItemHandedOver,
  OfMerger,
  PoolShort,
  PoolState,
} from './events-mergers.ts';
import { bookStream } from './events.ts';
import { ITEM_SIDES } from './item-sides.ts';
import { monthName } from './periods.ts';
import { predecessorsOf } from './predecessors.ts';
import { chunks, shortPieces, shortsOf } from './shortfalls.ts';
import { nextVoucher } from './vouchers.ts';

export interface MergeFund {
  /** The fund that ends. */
  readonly fund: string;
  /** The fund that goes on with everything. */
  readonly into: string;
  /** New ids of own accounts whose id the other fund has already. */
  readonly accounts: readonly AccountRenamed[];
  readonly proposedBy: string;
  readonly reason: string;
  readonly files: readonly string[];
  readonly effectiveOn: Day;
}

/** The books of the two funds in the year of the merger. */
export interface Merging {
  readonly book: BookState;
  readonly successor: BookState;
}

/** What an append holds, less what other parts of a program may add to it. */
const MERGER_EVENTS_MAX = 990;
/** Of 1,048,576 bytes an append holds; an envelope adds less than this to its data. */
const MERGER_BYTES_MAX = 1_000_000;
const ENVELOPE_BYTES_MAX = 640;

const ACCOUNTS_PER_EVENT_MAX = 150;
const ITEMS_PER_EVENT_MAX = 100;
/** Pools are named with up to 400 characters. */
const POOLS_PER_EVENT_MAX = 60;
const RANGES_PER_KIND_MAX = SPANS_PER_EVENT_MAX / 2;

/**
 * Merges a fund into another one, on a day on which both have an open book: all pools with what is free, committed and
 * short in them, unfinished disbursements, open items and own accounts go over, and its book is closed for ever. Both
 * books are written by one decision; what leaves is what arrives. The old fund's months before are locked. Whoever
 * proposed it does not decide it.
 */
export function decideMergeFund(command: MergeFund, merging: Merging, context: Context): Result<Fact[]> {
  const { book, successor } = merging;
  const { fund, into, effectiveOn, proposedBy } = command;
  if (fund === into) return refuse('MERGER_WITH_ITSELF', { fund });
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    checkBook(successor, into, effectiveOn, context),
  ])
    if (!checked.ok) return checked;
  if (proposedBy === context.actor) return refuse('MAKER_IS_CHECKER', { person: context.actor });
  if (effectiveOn < book.latest) return refuse('MERGER_TOO_EARLY', { date: effectiveOn, last: book.latest });
  const before = monthOf(effectiveOn) - 1;
  if (book.lockedThrough < before)
    return refuse('MERGER_MONTHS_OPEN', { fund, month: monthName(book.year, before) });
  if (book.approvals.decisions.size > 0)
    return refuse('MERGER_DECISIONS_OPEN', { fund, count: String(book.approvals.decisions.size) });
  const balances = carriedBalances(book);
  for (const checked of [checkGoods(book, successor, balances), checkSums(book, balances)])
    if (!checked.ok) return checked;
  const names = namesIn(command, book, successor);
  if (!names.ok) return names;
  const facts = factsOf(command, merging, balances, names.value, context.commandId);
  const bytes = facts.reduce((sum, { data }) => sum + JSON.stringify(data).length + ENVELOPE_BYTES_MAX, 0);
  if (facts.length > MERGER_EVENTS_MAX || bytes > MERGER_BYTES_MAX)
    return refuse('MERGER_TOO_LARGE', {
      events: String(facts.length),
      disbursements: String(book.open.size),
      pools: String(book.pools.size),
    });
  return ok(facts);
}

interface InPool {
  readonly commodity: CommodityCode;
}

/** 1 … 12 */
const monthOf = (day: Day): number => Number(day.slice(5, 7));

const commodityOf = (pool: string): CommodityCode => pool.split('/')[1] ?? '';

/** The successor counts every good that the fund has or ever had, in the same unit. */
function checkGoods(
  book: BookState,
  successor: BookState,
  balances: readonly AccountCarried[],
): Result<void> {
  const used = new Set([...[...book.pools.keys()].map(commodityOf), ...balances.map((b) => b.commodity)]);
  for (const commodity of used) {
    if (isCurrency(commodity)) continue;
    if (successor.goods.get(commodity) !== book.goods.get(commodity))
      return refuse('MERGER_GOOD_UNLISTED', { commodity, into: successor.fund });
  }
  return ok(undefined);
}

/** What lies in the own accounts is what the pools and open items say. */
function checkSums(book: BookState, balances: readonly AccountCarried[]): Result<void> {
  const sums = new Map<CommodityCode, bigint>();
  const add = (commodity: CommodityCode, amount: bigint): void =>
    void sums.set(commodity, (sums.get(commodity) ?? 0n) + amount);
  for (const { commodity, amount } of balances) add(commodity, BigInt(amount));
  for (const [pool, { free, shortfalls }] of book.pools)
    add(commodityOf(pool), sizeOf(shortfalls.flatMap(({ units }) => units)) - sizeOf(free));
  for (const { status, held, proposal } of book.open.values())
    if (status === 'approved') add(proposal.commodity, -heldTotal(held));
  for (const [advance, { held }] of book.advances)
    add(book.items.get(advance)?.commodity ?? '', -heldTotal(held));
  for (const { kind, commodity, left } of book.items.values()) add(commodity, ITEM_SIDES[kind].side * left);
  const wrong = [...sums].find(([, sum]) => sum !== 0n);
  return wrong
    ? refuse('MERGER_DOES_NOT_BALANCE', { commodity: wrong[0], difference: String(wrong[1]) })
    : ok(undefined);
}

/** What each own account is called by the successor. */
function namesIn(
  { accounts, into }: MergeFund,
  book: BookState,
  successor: BookState,
): Result<ReadonlyMap<string, string>> {
  const asked = new Map(accounts.map(({ account, as }) => [account, as]));
  const unknown = [...asked.keys()].find((account) => !book.accounts.has(account));
  if (unknown !== undefined) return refuse('ACCOUNT_UNKNOWN', { account: unknown, fund: book.fund });
  const names = new Map([...book.accounts.keys()].map((account) => [account, asked.get(account) ?? account]));
  const taken = new Set(successor.accounts.keys());
  for (const [account, as] of names) {
    if (taken.has(as)) return refuse('MERGER_ACCOUNT_TAKEN', { account, as, into });
    taken.add(as);
  }
  return ok(names);
}

const cut = <T>(rows: readonly T[], max: number): T[][] =>
  Array.from({ length: Math.ceil(rows.length / max) }, (_, at) => rows.slice(at * max, (at + 1) * max));

/** All facts of a merger, the old book's first; what it gives up stands in the same order as what arrives. */
function factsOf(
  command: MergeFund,
  { book, successor }: Merging,
  balances: readonly AccountCarried[],
  names: ReadonlyMap<string, string>,
  merger: string,
): Fact[] {
  const { fund, into, effectiveOn, proposedBy, reason, files } = command;
  const of: OfMerger = { merger, from: fund, into };
  const [old, next] = [bookStream(fund, book.year), bookStream(into, successor.year)];
  const left: Fact[] = [];
  const arrived: Fact[] = [];
  /** Writes one thing into both books. */
  const both = (what: string, given: object, taken: object = given): void => {
    left.push({ stream: old, type: `book.${what}-handed-over.v1`, effectiveOn, data: { ...of, ...given } });
    arrived.push({
      stream: next,
      type: `book.${what}-taken-over.v1`,
      effectiveOn,
      data: { ...of, ...taken },
    });
  };
  const called = (account: string): string => names.get(account) ?? account;

  const accounts = accountsOf(book, balances, called);
  const vouchers = [nextVoucher(book, 'adjustment'), nextVoucher(successor, 'adjustment')] as const;
  for (const data of numbered(cut(accounts, ACCOUNTS_PER_EVENT_MAX), (rows) => ({ accounts: rows })))
    both('accounts', { voucher: vouchers[0], ...data }, { voucher: vouchers[1], ...data });
  const stores = storesOf(accounts);
  const here = ({ commodity }: InPool): { store: string | null } => ({
    store: stores.get(commodity)?.was ?? null,
  });
  const there = ({ commodity }: InPool): { store: string | null } => ({
    store: stores.get(commodity)?.account ?? null,
  });
  for (const [what, parts] of [
    ['pools', numbered(poolParts(book), (pools) => ({ pools }))],
    ['shortfalls', numbered(shortParts(book), (pools) => ({ pools }))],
  ] as const)
    for (const data of parts)
      both(
        what,
        { ...data, pools: data.pools.map((pool) => ({ ...pool, ...here(pool) })) },
        { ...data, pools: data.pools.map((pool) => ({ ...pool, ...there(pool) })) },
      );
  for (const open of book.open.values())
    for (const data of disbursementParts(open)) {
      const { proposal: _, ...handed } = data;
      both('disbursement', { ...handed, ...here(data) }, { ...data, ...there(data) });
    }
  for (const data of advanceParts(book))
    both('advance', { ...data, ...here(data) }, { ...data, ...there(data) });
  const items = [...book.items].map(
    ([item, { kind, account, commodity, left: amount, since, due }]): ItemHandedOver => ({
      kind,
      item,
      account,
      commodity,
      amount: String(amount),
      since,
      ...(due !== null && { due }),
    }),
  );
  for (const data of numbered(cut(items, ITEMS_PER_EVENT_MAX), (rows) => ({ items: rows })))
    both('items', data, {
      ...data,
      items: data.items.map((item) =>
        ITEM_SIDES[item.kind].isOwn ? { ...item, account: called(item.account) } : item,
      ),
    });
  const renamed = [...names].flatMap(([account, as]) => (account === as ? [] : [{ account, as }]));
  const predecessors = [
    { fund, on: effectiveOn, accounts: renamed },
    // Whom the fund had taken over comes along, with the accounts as they are called now.
    ...predecessorsOf(book).map((earlier) => ({
      ...earlier,
      accounts: chained(earlier.accounts, renamed),
    })),
  ];
  const checklist = checklistOf(book, effectiveOn);
  const merged: BookMerged = { ...of, intoBook: next, proposedBy, checklist, reason, files };
  return [
    ...left,
    { stream: old, type: 'book.merged.v1', effectiveOn, data: merged },
    { stream: next, type: 'book.fund-taken-over.v1', effectiveOn, data: { ...of, predecessors } },
    ...arrived,
  ];
}

/** Accounts renamed twice, as they are called in the end. */
function chained(earlier: readonly AccountRenamed[], later: readonly AccountRenamed[]): AccountRenamed[] {
  const now = (account: string): string => later.find((one) => one.account === account)?.as ?? account;
  const twice = earlier.map(({ account, as }) => ({ account, as: now(as) }));
  const named = new Set(twice.map(({ account }) => account));
  return [...twice, ...later.filter(({ account }) => !named.has(account))];
}

function accountsOf(
  book: BookState,
  balances: readonly AccountCarried[],
  called: (account: string) => string,
): AccountHandedOver[] {
  return [...book.accounts].flatMap(([was, kind]): AccountHandedOver[] => {
    const own = balances.filter(({ account }) => account === was);
    const named = { account: called(was), was, kind };
    return own.length === 0
      ? [{ ...named, commodity: null, amount: '0' }]
      : own.map(({ commodity, amount }) => ({ ...named, commodity, amount }));
  });
}

/** The store that holds most of each good. */
function storesOf(accounts: readonly AccountHandedOver[]): ReadonlyMap<CommodityCode, AccountHandedOver> {
  const most = new Map<CommodityCode, AccountHandedOver>();
  for (const row of accounts) {
    if (row.commodity === null || isCurrency(row.commodity)) continue;
    const known = most.get(row.commodity);
    if (known === undefined || BigInt(row.amount) > BigInt(known.amount)) most.set(row.commodity, row);
  }
  return most;
}

/** Pools as they go into events: none with more spans or pools than one holds. */
function poolParts(book: BookState): Omit<PoolState, 'store'>[][] {
  const parts: Omit<PoolState, 'store'>[][] = [];
  let spans = SPANS_PER_EVENT_MAX;
  for (const [pool, { minted, free, movedIn }] of book.pools) {
    const commodity = commodityOf(pool);
    const length = Math.max(1, Math.ceil(Math.max(free.length, movedIn.length) / RANGES_PER_KIND_MAX));
    for (let at = 0; at < length * RANGES_PER_KIND_MAX; at += RANGES_PER_KIND_MAX) {
      const entry = {
        pool,
        commodity,
        minted: String(minted),
        free: free.slice(at, at + RANGES_PER_KIND_MAX).map(toWire),
        movedIn: movedIn.slice(at, at + RANGES_PER_KIND_MAX).map(toWire),
      };
      const size = entry.free.length + entry.movedIn.length;
      const last = parts.at(-1);
      if (last === undefined || spans + size > SPANS_PER_EVENT_MAX || last.length === POOLS_PER_EVENT_MAX) {
        parts.push([entry]);
        spans = size;
      } else {
        last.push(entry);
        spans += size;
      }
    }
  }
  return parts;
}

/** What each pool lacks, cut as every list of shortfalls is. */
const shortParts = (book: BookState): Omit<PoolShort, 'store'>[][] =>
  [...book.short].flatMap((pool) =>
    chunks(poolOf(book, pool).shortfalls.flatMap(shortPieces)).map((part) => [
      { pool, commodity: commodityOf(pool), short: shortsOf(part).map(shortToWire) },
    ]),
  );

/** What each advance is for and holds. */
const advanceParts = (book: BookState): Omit<AdvanceHandedOver, keyof OfMerger | 'store'>[] =>
  [...book.advances].flatMap(([advance, { person, disbursement, programme, purpose, held }]) =>
    numbered(inParts(held), (units) => ({
      advance,
      person,
      commodity: book.items.get(advance)?.commodity ?? '',
      forDisbursement: disbursement,
      programme,
      purpose,
      held: units,
    })),
  );

/** A disbursement with all that deciding on it needs: what it is in part 1, its units in the parts after it. */
function disbursementParts({
  status,
  proposal,
  proposalHash,
  maker,
  proposedOn,
  paid,
  approving,
  lines,
  held,
}: OpenDisbursement): Omit<DisbursementTakenOver, keyof OfMerger | 'store'>[] {
  const { pools, payee, payeePerson, narrative } = proposal;
  const units = heldTotal(held) === 0n ? [] : inParts(held);
  return numbered([[], ...units], (part, index) => ({
    ...headOf(proposal),
    status,
    lines: index === 0 ? lines : [],
    held: part,
    proposal:
      index === 0
        ? {
            pools,
            payee,
            ...(payeePerson !== undefined && { payeePerson }),
            narrative,
            proposalHash,
            maker,
            approving,
            proposedOn,
            lines: proposal.lines.map(({ amount }) => amount),
            paid,
          }
        : null,
  }));
}
