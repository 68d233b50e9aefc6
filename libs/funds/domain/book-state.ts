import {
  type Backing,
  type CommodityCode,
  type Day,
  EMPTY_POOL,
  type Pool,
  type Range,
  available,
  invariant,
  type mint,
  remove,
  restore,
} from '#kernel';
import type {
  AccountKind,
  DisbursementHead,
  DisbursementLine,
  DisbursementProposed,
  FundLevel,
  PoolUnits,
  WireRange,
} from './events.ts';
import type { OpenAdvance } from './debts-state.ts';
import type { VoucherKind } from './events-corrections.ts';
import type { AccountBalances, LastMoves } from './account-balances.ts';
import type { PaidIn } from './events-periods.ts';
import { type AdminState, noAdmin } from './admin-cap.ts';
import { type ApprovalState, type Approving, type Judged, noApprovals } from './approvals.ts';
import type { OpenItem } from './open-items.ts';

/** Units of one pool in order, in numbers. */
export interface Held {
  readonly pool: string;
  readonly units: Backing;
}

/** A disbursement that is not finished: what was proposed, who proposed it and what it holds. */
export interface OpenDisbursement {
  readonly status: 'proposed' | 'approved' | 'paid';
  readonly proposal: DisbursementProposed;
  /** Hash of the stored bytes of that event: what an approval must name. */
  readonly proposalHash: string;
  readonly maker: string;
  readonly proposedOn: Day;
  /** Null: it is not paid yet. */
  readonly paid: PaidIn | null;
  readonly approving: Approving;
  /** What is still to be handed over: the proposed lines less what was returned. */
  readonly lines: readonly DisbursementLine[];
  readonly held: readonly Held[];
}

/**
 * What deciding on a book needs, and no more: its size does not grow with the number of receipts. Finished
 * disbursements and allocations are looked up in the log when a command names them.
 */
export interface BookState {
  status: 'unopened' | 'open' | 'closed';
  fund: string;
  year: number;
  level: FundLevel;
  place: string | null;
  readonly accounts: Map<string, AccountKind>;
  /** What lies in each of them by the book. */
  readonly balances: AccountBalances;
  /** When each of them moved last. */
  readonly lastMoves: LastMoves;
  /** Goods this book counts, with their exponent. */
  readonly goods: Map<CommodityCode, number>;
  readonly pools: Map<string, Pool>;
  readonly open: Map<string, OpenDisbursement>;
  /** Return events per disbursement: tells a decision on a finished one whether its history is whole. */
  readonly returns: Map<string, number>;
  /** Last number given per voucher series. */
  readonly vouchers: Record<VoucherKind, number>;
  /** Pools that have shortfalls. */
  readonly short: Set<string>;
  /** What of daily money is open, by its item. */
  readonly items: Map<string, OpenItem>;
  /** What advances are for and hold, by the item they are. */
  readonly advances: Map<string, OpenAdvance>;
  /** The debt of each supplier's invoice of the year, so that none is recorded twice. */
  readonly invoices: Map<string, string>;
  /** What the cost cap is judged by. */
  readonly admin: AdminState;
  /** The last day anything counts for. */
  latest: Day;
  /** Funds this book goes on with, and what their own accounts are called here. */
  readonly predecessors: Map<string, TakenOver>;
  /** The fund that goes on with this book; null: it is on its own. */
  merged: { readonly into: string; readonly on: Day } | null;
  /** What of the book before is still to be carried, and the day it counts for; null: all is here. */
  carrying: { readonly left: number; readonly on: Day } | null;
  /** Last locked month, 1 … 12; 0: none is. */
  lockedThrough: number;
  /** How far own accounts agree with their banks. */
  readonly reconciled: Map<string, Day>;
  /** What approvals are judged by, and what waits for some. */
  readonly approvals: ApprovalState;
}

/** A fund that was taken over: since when, and the accounts that are called otherwise here. */
export interface TakenOver {
  readonly on: Day;
  readonly accounts: ReadonlyMap<string, string>;
}

export const fromWire = ([from, to]: WireRange): Range => ({ from: BigInt(from), to: BigInt(to) });
export const toWire = ({ from, to }: Range): WireRange => [from.toString(), to.toString()];
export const heldToWire = ({ pool, units }: Held): PoolUnits => ({ pool, units: units.map(toWire) });
export const heldFromWire = ({ pool, units }: PoolUnits): Held => ({ pool, units: units.map(fromWire) });

/** What every event of a disbursement repeats of its proposal. */
export const headOf = (d: DisbursementHead): DisbursementHead => ({
  disbursement: d.disbursement,
  commodity: d.commodity,
  amount: d.amount,
  programme: d.programme,
  group: d.group,
  purpose: d.purpose,
  lines: d.lines,
});

/** What approval rules judge of a disbursement. */
export const judgedOf = ({ commodity, amount }: Pick<DisbursementHead, 'commodity' | 'amount'>): Judged => ({
  kind: 'disbursement',
  commodity,
  amount: BigInt(amount),
});

/** The persons a disbursement goes to, as far as the ledger knows them. */
export const payeesOf = ({
  payeePerson,
  lines,
}: Pick<DisbursementProposed, 'payeePerson' | 'lines'>): (string | null | undefined)[] => [
  payeePerson,
  ...lines.map(({ beneficiary }) => beneficiary),
];

export const poolOf = (book: BookState, pool: string): Pool => book.pools.get(pool) ?? EMPTY_POOL;

/** A book before its first event. */
export const unopened = (): BookState => ({
  status: 'unopened',
  fund: '',
  year: 0,
  level: 'province',
  place: null,
  accounts: new Map(),
  balances: new Map(),
  lastMoves: new Map(),
  goods: new Map(),
  pools: new Map(),
  open: new Map(),
  returns: new Map(),
  vouchers: { receipt: 0, payment: 0, adjustment: 0 },
  short: new Set(),
  items: new Map(),
  advances: new Map(),
  invoices: new Map(),
  admin: noAdmin(),
  latest: '',
  predecessors: new Map(),
  merged: null,
  carrying: null,
  lockedThrough: 0,
  reconciled: new Map(),
  approvals: noApprovals(),
});

/** Units that an event says were minted must be the next ones: contiguous and disjoint, in recorded order. */
export function mintExactly(book: BookState, pool: string, range: WireRange, by: typeof mint): void {
  const expected = fromWire(range);
  const { pool: after, minted } = by(poolOf(book, pool), expected.to - expected.from);
  invariant(minted.from === expected.from && minted.to === expected.to, `${pool} mints the next units`);
  book.pools.set(pool, after);
}

/** Takes units out of the free ones that an event says left them; each must be free. */
export const removeExactly = (book: BookState, { pool, units }: Held): void => {
  book.pools.set(pool, remove(poolOf(book, pool), units));
};

/** Gives units back that an event says came back. */
export const restoreExactly = (book: BookState, { pool, units }: Held): void => {
  book.pools.set(pool, restore(poolOf(book, pool), units));
};

/** The number of a voucher: `PT-000012` is 12. */
export const countVoucher = (voucher: string): number => Number(voucher.slice(voucher.indexOf('-') + 1));

/** Free units of every pool of a commodity that has any, by pool id. */
export const freePools = (book: BookState, commodity: CommodityCode): { pool: string; free: bigint }[] =>
  [...book.pools]
    .filter(([id]) => id.split('/')[1] === commodity)
    .map(([pool, state]) => ({ pool, free: available(state) }))
    .filter(({ free }) => free > 0n);
