import type { Approving } from './approvals.ts';
import type { Day } from '#kernel';
import type { DisbursementHead, Part, PoolUnits } from './events.ts';

/**
 * What is looked at before a month is locked or a year is closed. The first five have to be explained when there are
 * any; what is approved, paid, advanced or owed and not finished only says what goes on.
 */
export const CHECKS = [
  'bank-unreconciled',
  'money-in-transit',
  'unidentified-receipts',
  'count-differences',
  'proposals-undecided',
  'approved-unpaid',
  'paid-undelivered',
  'advances-out',
  'suppliers-unpaid',
] as const;
export type Check = (typeof CHECKS)[number];

/** What a check found; nothing is said of checks that found nothing. */
export interface ChecklistLine {
  readonly check: Check;
  readonly count: number;
  /** The first of them: own accounts, moves, receipts or disbursements; not all when they are many. */
  readonly items: readonly string[];
}

/** Months of a book through this one were locked: nothing more is dated in them. */
export interface PeriodLocked {
  /** 1 … 12 */
  readonly month: number;
  /** Last locked month before; 0: none was. */
  readonly before: number;
  readonly checklist: readonly ChecklistLine[];
  /** Commitment to free text in the vault: why it was locked all the same. Null: nothing was open. */
  readonly reason: string | null;
}

/** The last locked month is open again. */
export interface PeriodUnlocked {
  readonly month: number;
  /** Commitment to free text in the vault. */
  readonly reason: string;
}

/** A person accepted that an own account agrees with its bank, as far as this day. */
export interface AccountReconciled {
  readonly account: string;
  readonly through: Day;
  /** Id of the bank account whose statement it was held against. */
  readonly bank: string;
}

/**
 * A disbursement as the fund's book before left it: it goes on in this one. Its units were carried with their pools as
 * committed or spent. Lines stand in part 1 only, as everywhere.
 */
export interface DisbursementCarried extends DisbursementHead, Part {
  /** Year of the book that carried it forward. */
  readonly from: number;
  readonly status: 'proposed' | 'approved' | 'paid';
  readonly proposedOn: Day;
  readonly maker: string;
  /** What an approval has to name. */
  readonly proposalHash: string;
  /** Who stands behind the wording that hash is of. */
  readonly approving: Approving;
  readonly payee: string | null;
  readonly payeePerson?: string;
  readonly narrative: string | null;
  /** What an approval would draw; of a proposal only. */
  readonly pools: readonly { readonly pool: string; readonly amount: string }[];
  /** What is still to be handed over of each line, in their order. */
  readonly left: readonly string[];
  /** Units it holds. */
  readonly held: readonly PoolUnits[];
  /** The book that paid it and the day; null: it was not paid. */
  readonly paid: PaidIn | null;
}

/** Where a disbursement was paid. */
export interface PaidIn {
  readonly book: string;
  readonly on: Day;
}

/**
 * What an event says that was found after the close: it counts in the open book, and belongs to a closed one, whose
 * figures stay. Both are absent where nothing is late.
 */
export interface LateFact {
  /** Stream of the closed book. */
  readonly originalBook?: string;
  /** The day there to which it belongs. */
  readonly belongsTo?: Day;
}

/** The events of months and years by their type. */
export interface PeriodEvents {
  'book.account-reconciled.v1': AccountReconciled;
  'book.disbursement-carried.v1': DisbursementCarried;
  'book.period-locked.v1': PeriodLocked;
  'book.period-unlocked.v1': PeriodUnlocked;
}
