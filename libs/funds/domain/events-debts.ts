import type { CommodityCode, Day } from '#kernel';
import type { ExpenseKind } from './events-daily.ts';
import type { Part, PoolUnits } from './events.ts';

/**
 * Money handed to a member of staff for a purpose (tạm ứng), or more of it. For own costs its units are committed while
 * it is out; for a disbursement the approval has committed them, and `drawn` is empty.
 */
export interface AdvancePaid extends Part {
  readonly advance: string;
  readonly voucher: string;
  readonly account: string;
  /** Who has it; an opaque id. */
  readonly person: string;
  /** Commitment to that person's name in the vault. */
  readonly name: string | null;
  readonly commodity: CommodityCode;
  /** Of this payment, repeated in each part. */
  readonly amount: string;
  /** It was out already: this is added to it. */
  readonly topUp: boolean;
  /** Day by which it is to be settled. */
  readonly due: Day | null;
  readonly forDisbursement: string | null;
  readonly programme: string | null;
  readonly purpose: string | null;
  readonly drawn: readonly PoolUnits[];
  readonly proposedBy: string | null;
  /** Commitment to free text in the vault. */
  readonly narrative: string | null;
}

/**
 * What an advance was used for was recorded: the expense, or the payment of the disbursement, of the same append, whose
 * account is `advance/<person>`. The units it held are free again for the expense to draw.
 */
export interface AdvanceSettled extends Part {
  readonly advance: string;
  readonly person: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  readonly left: string;
  readonly expense: string | null;
  readonly forDisbursement: string | null;
  readonly programme: string | null;
  readonly restored: readonly PoolUnits[];
}

/** What was not used of an advance came back. */
export interface AdvanceReturned extends Part {
  readonly advance: string;
  readonly voucher: string;
  readonly account: string;
  readonly person: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  readonly left: string;
  readonly programme: string | null;
  readonly restored: readonly PoolUnits[];
}

/** What an advance is for and holds, as the fund's book before left it. What of it is open is carried as an item. */
export interface AdvanceCarried extends Part {
  readonly advance: string;
  readonly person: string;
  readonly forDisbursement: string | null;
  readonly programme: string | null;
  readonly purpose: string | null;
  readonly held: readonly PoolUnits[];
  /** Year of the book that carried it forward. */
  readonly from: number;
}

/**
 * An invoice came before it is paid. The expense, or the payment of the disbursement, of the same append says what it
 * is for; its account is `debt/<supplier>`.
 */
export interface SupplierDebtRecorded {
  readonly debt: string;
  /** Who is owed; an opaque id. */
  readonly supplier: string;
  /** Commitment to the supplier's name in the vault. */
  readonly name: string | null;
  readonly invoice: string;
  readonly invoiceDay: Day;
  readonly due: Day | null;
  readonly commodity: CommodityCode;
  readonly amount: string;
  readonly forDisbursement: string | null;
  /** Commitment to free text in the vault. */
  readonly narrative: string | null;
}

/** What is owed became less: a credit note, or an invoice that was wrong. Units of an own cost are free again. */
export interface SupplierDebtReduced extends Part {
  readonly reduction: string;
  readonly debt: string;
  readonly corrects: string;
  /** Stream of the closed book that recorded it; null: this one did. */
  readonly originalBook: string | null;
  /** The day it was recorded for in the closed book; absent when this book recorded it. */
  readonly belongsTo?: Day;
  /** Null: the return of the disbursement in the same append has it. */
  readonly voucher: string | null;
  readonly supplier: string;
  readonly invoice: string;
  /** Number of the supplier's credit note. */
  readonly creditNote: string | null;
  readonly commodity: CommodityCode;
  readonly amount: string;
  readonly left: string;
  /** Nothing of it was ever paid and nothing is left: the invoice may be recorded again. */
  readonly withdrawn: boolean;
  readonly forDisbursement: string | null;
  /** Of an own cost. */
  readonly cost: ExpenseKind | null;
  readonly programme: string | null;
  readonly restored: readonly PoolUnits[];
  /** Commitment to free text in the vault. */
  readonly reason: string;
}

/** A supplier was paid, all that is owed for an invoice or a part. */
export interface SupplierPaid {
  readonly payment: string;
  readonly debt: string;
  readonly voucher: string;
  readonly account: string;
  readonly supplier: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  readonly left: string;
}

/** The events of advances and supplier debts by their type. */
export interface DebtEvents {
  'book.advance-carried.v1': AdvanceCarried;
  'book.advance-paid.v1': AdvancePaid;
  'book.advance-returned.v1': AdvanceReturned;
  'book.advance-settled.v1': AdvanceSettled;
  'book.supplier-debt-recorded.v1': SupplierDebtRecorded;
  'book.supplier-debt-reduced.v1': SupplierDebtReduced;
  'book.supplier-paid.v1': SupplierPaid;
}
