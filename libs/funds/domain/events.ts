import type { CommodityCode, Day, LedgerEvent } from '#kernel';
import type { BankDetails } from '#pledges';
import type { AccountEvents } from './events-accounts.ts';
import type { ApprovalEvents } from './events-approvals.ts';
import type { CorrectionEvents } from './events-corrections.ts';
import type { CountEvents } from './events-counts.ts';
import type { DailyEvents } from './events-daily.ts';
import type { ChecklistLine, LateFact, PeriodEvents } from './events-periods.ts';
import type { ExchangeEvents } from './events-exchange.ts';
import type { DebtEvents } from './events-debts.ts';
import type { GoodsEvents } from './events-goods.ts';

/** A range of units on the wire: from (inclusive), to (exclusive), decimal strings. */
export type WireRange = readonly [from: string, to: string];

/** Units of one pool, in order. */
export interface PoolUnits {
  readonly pool: string;
  readonly units: readonly WireRange[];
}

/** The level of administration a fund belongs to; a facility keeps a fund of its own. */
export type FundLevel = 'central' | 'province' | 'district' | 'commune' | 'facility';

/** `unstated`: the source names no account. Said, never guessed. */
export type AccountKind = 'cash' | 'bank' | 'treasury' | 'store' | 'unstated';

/** When a figure sums up a period and no single day: both ends inclusive. `dated` false: the source gives no date. */
export interface Period {
  readonly from: Day;
  readonly to: Day;
  readonly dated: boolean;
}

export interface BookOpened {
  readonly fund: string;
  readonly year: number;
  /** Name of the institution; not personal. */
  readonly name: string;
  readonly level: FundLevel;
  /** Place id of the unit the fund belongs to. */
  readonly place: string | null;
  readonly accounts: readonly AccountOpened[];
  readonly goods: readonly {
    readonly code: CommodityCode;
    readonly unit: string;
    readonly exponent: number;
  }[];
  /** How many events carry what the book before left, where they are too many for one append; else absent. */
  readonly carries?: number;
}

/**
 * A pool as the fund's book before left it: its unit numbers run on across years (DESIGN §4). One event per
 * pool; more than 256 ranges go over several events of one append.
 */
export interface PoolCarried extends Part {
  readonly pool: string;
  /** Year of the book that carried it forward. */
  readonly from: number;
  readonly minted: string;
  readonly free: readonly WireRange[];
  readonly movedIn: readonly WireRange[];
}

export interface AccountOpened {
  readonly account: string;
  readonly kind: AccountKind;
  /** Where gifts can be sent; bank accounts only, and only where it is known. */
  readonly bank?: BankDetails | undefined;
}

export interface GoodListed {
  readonly code: CommodityCode;
  readonly unit: string;
  readonly exponent: number;
}

/** The legal sources of money (Law on Children 102/2016/QH13, Art. 7.2; Circular 87/2008/TT-BTC). */
export type ReceiptSource = 'voluntary' | 'sponsorship' | 'state-budget' | 'foreign-aid' | 'income' | 'other';

/** How sure a value of goods is: `provisional` is to be revised, `conventional` stands where there is no price. */
export type ValuationBasis = 'provisional' | 'conventional' | 'market' | 'document';

/** What goods are worth, and how that was found (ASU 2020-07; Circular 24/2024/TT-BTC). */
export interface Valuation {
  readonly amount: string;
  readonly commodity: CommodityCode;
  readonly technique: string;
  readonly basis?: ValuationBasis | undefined;
  /** Id of who valued them. */
  readonly valuer?: string | undefined;
  /** Day the value is of. */
  readonly on?: Day | undefined;
}

/** What foreign money was worth in the currency of the books when it came in. */
export interface ForeignRate {
  /** Of one whole unit, a decimal number. */
  readonly perUnit: string;
  /** Day the rate is of, and whose it is. */
  readonly on: Day;
  readonly source: string;
  /** The amount by that rate, in minor units of the currency of the books. */
  readonly base: string;
}

export interface ReceiptRecorded extends LateFact {
  readonly receipt: string;
  readonly voucher: string;
  readonly account: string;
  readonly source: ReceiptSource;
  readonly commodity: CommodityCode;
  readonly amount: string;
  readonly pool: string;
  readonly minted: WireRange;
  readonly donor: string | null;
  /** Place id the gift is counted for; null: not specified. */
  readonly place: string | null;
  readonly pledge: string | null;
  readonly period: Period | null;
  /** Goods only; null: the value is unknown, which is never summed as 0. */
  readonly valuation: Valuation | null;
  /** Foreign money only; absent: its value is unknown, which is never summed as 0. */
  readonly rate?: ForeignRate | undefined;
  /** Commitment to free text in the vault. */
  readonly narrative: string | null;
}

export interface Move {
  readonly from: PoolUnits;
  readonly to: { readonly pool: string; readonly minted: WireRange };
}

/** One decision over more spans than an event carries is several events of one append, numbered 1…`parts`. */
export interface Part {
  readonly part: number;
  readonly parts: number;
}

export interface AllocationApproved extends Part {
  readonly allocation: string;
  readonly proposedBy: string;
  readonly commodity: CommodityCode;
  /** Of the whole decision, repeated in each part. */
  readonly amount: string;
  readonly moves: readonly Move[];
  readonly narrative: string | null;
}

/** An allocation undone in part or whole: the target's free units are voided, the mapped source units free again. */
export interface AllocationReduced extends Part, LateFact {
  readonly allocation: string;
  readonly commodity: CommodityCode;
  /** Of the whole reduction, repeated in each part. */
  readonly amount: string;
  readonly undone: readonly { readonly voided: PoolUnits; readonly restored: PoolUnits }[];
  readonly narrative: string | null;
}

/** What one line of a disbursement gives to whom. Ids only; at most 200 lines a disbursement. */
export interface DisbursementLine {
  readonly amount: string;
  readonly beneficiary: string | null;
  /** Place id; null: not specified. */
  readonly place: string | null;
  /** How many children the line helps, when known: assist instances, not distinct children. */
  readonly children: number | null;
}

/** What every event of a disbursement repeats, so that each can be read alone. */
export interface DisbursementHead {
  readonly disbursement: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  readonly programme: string | null;
  readonly group: string | null;
  readonly purpose: string | null;
  readonly lines: readonly DisbursementLine[];
}

export interface DisbursementProposed extends DisbursementHead {
  readonly pools: readonly { readonly pool: string; readonly amount: string }[];
  readonly payee: string | null;
  /** Id of the person who is paid, where it is one the ledger knows as such: they decide nothing about it. */
  readonly payeePerson?: string;
  readonly narrative: string | null;
}

/** Lines stand in part 1 only, here and in every event below, so that they are counted once. */
export interface DisbursementApproved extends DisbursementHead, Part {
  /** SHA-256 (hex) of the proposal event's stored bytes: the approval is bound to exactly that. */
  readonly proposalHash: string;
  readonly drawn: readonly PoolUnits[];
}

export interface DisbursementRejected {
  readonly disbursement: string;
  readonly reason: string;
}

export interface DisbursementCancelled extends DisbursementHead, Part {
  readonly reason: string;
  /** Empty when it was not approved yet. */
  readonly restored: readonly PoolUnits[];
}

export interface DisbursementPaid extends DisbursementHead, Part, LateFact {
  readonly account: string;
  readonly voucher: string;
  readonly settled: readonly PoolUnits[];
}

export interface DisbursementDelivered extends DisbursementHead {
  /** Commitment to a text about the evidence, in the vault. */
  readonly evidence: string | null;
  /** SHA-256 (hex) of the evidence files in the vault: signed lists, photos. */
  readonly files: readonly string[];
}

/**
 * Money (or goods) that came back. `lines` and `amount` are what was returned, not the whole. Late when a closed book
 * paid it.
 */
export interface DisbursementReturned extends DisbursementHead, Part, LateFact {
  readonly account: string;
  readonly voucher: string;
  readonly reason: string;
  /** It had been delivered already, so what was delivered shrinks too. */
  readonly afterDelivery: boolean;
  readonly restored: readonly PoolUnits[];
}

export interface BookClosed extends Part {
  /** What was unfinished and goes on in the next book, in part 1; absent when nothing was. */
  readonly checklist?: readonly ChecklistLine[];
  /** Commitment to free text in the vault: why it was closed all the same. */
  readonly reason?: string;
  readonly pools: readonly { readonly pool: string; readonly minted: string; readonly free: string }[];
}

/** The events of a book's everyday work by their type. */
export interface CoreEvents {
  'book.opened.v1': BookOpened;
  'book.pool-carried.v1': PoolCarried;
  'book.account-opened.v1': AccountOpened;
  'book.good-listed.v1': GoodListed;
  'book.receipt-recorded.v1': ReceiptRecorded;
  'book.allocation-approved.v1': AllocationApproved;
  'book.allocation-reduced.v1': AllocationReduced;
  'book.disbursement-proposed.v1': DisbursementProposed;
  'book.disbursement-approved.v1': DisbursementApproved;
  'book.disbursement-rejected.v1': DisbursementRejected;
  'book.disbursement-cancelled.v1': DisbursementCancelled;
  'book.disbursement-paid.v1': DisbursementPaid;
  'book.disbursement-delivered.v1': DisbursementDelivered;
  'book.disbursement-returned.v1': DisbursementReturned;
  'book.closed.v1': BookClosed;
}

/** Every event of a book by its type: the type text is the key in the store. Each part has a map of its own. */
export interface BookEvents
  extends
    CoreEvents,
    AccountEvents,
    ApprovalEvents,
    CorrectionEvents,
    CountEvents,
    DailyEvents,
    DebtEvents,
    ExchangeEvents,
    GoodsEvents,
    PeriodEvents {}

export type BookEventType = keyof BookEvents;
export type BookEventOf<T extends BookEventType> = LedgerEvent<T, BookEvents[T]>;
export type BookEvent = { [T in BookEventType]: BookEventOf<T> }[BookEventType];

/**
 * A function for each event type of a part of the book, so that the tables of all parts, spread into one, are
 * asked by the type of the event.
 */
export type ByEvent<Events, Before extends readonly unknown[], Answer> = {
  readonly [T in keyof Events & BookEventType]: (...args: [...Before, event: BookEventOf<T>]) => Answer;
};

/** Asks a table; undefined when it says nothing about events of that type. */
export function askTable<Before extends readonly unknown[], Answer>(
  table: Partial<ByEvent<BookEvents, Before, Answer>>,
  event: LedgerEvent,
  ...before: Before
): Answer | undefined {
  const { type } = event as BookEvent;
  // The entry under a type takes the events of that type: TypeScript can not say so of a key it does not know.
  const entry = table[type] as ((...args: [...Before, event: LedgerEvent]) => Answer) | undefined;
  return entry?.(...before, event);
}

/** A receipt: what somebody gave, or what the fund earned by itself. */
export type ReceiptEvent = BookEventOf<'book.receipt-recorded.v1'> | BookEventOf<'book.income-recorded.v1'>;

export const isReceipt = (event: { readonly type: string }): event is ReceiptEvent =>
  event.type === 'book.receipt-recorded.v1' || event.type === 'book.income-recorded.v1';

/** The stream of one fund in one fiscal year. */
export const bookStream = (fund: string, year: number): string => `book-${fund}-${year}`;
