import type { CommodityCode } from '#kernel';

/** What every count says. */
interface Counted {
  readonly count: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  /** What the book said lay there, below zero after a correction. */
  readonly book: string;
  readonly counted: string;
  /** Counted less book: above zero a surplus, below zero a shortage. */
  readonly difference: string;
  /** Commitment to the names of those present, in the vault. */
  readonly present: string;
  /** SHA-256 (hex) of the signed minutes in the vault. */
  readonly files: readonly string[];
  /** Commitment to free text in the vault. */
  readonly narrative: string | null;
}

/** Notes or coins of one value: `{value: '500000', pieces: 12}`. */
export interface Denomination {
  /** Minor units of one piece. */
  readonly value: string;
  readonly pieces: number;
}

/** Minutes of a cash count (biên bản kiểm kê quỹ): what lay in a cash box, piece by piece. */
export interface CashCounted extends Counted {
  readonly denominations: readonly Denomination[];
}

/** Minutes of a stock count (biên bản kiểm kê kho), of one good in one store. */
export type StockCounted = Counted;

export type DifferenceKind = 'surplus' | 'shortage';

/** The book follows the count: the difference is held apart until somebody finds out what it is. */
export interface CountDifferenceBooked {
  /** Id of the difference: that of its count. */
  readonly difference: string;
  readonly voucher: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly kind: DifferenceKind;
  readonly amount: string;
}

/**
 * What became of a difference. `found`: it was explained, and the account holds again what it held. `income`: a
 * surplus belongs to the fund. `charged`: somebody has to make a shortage good. `written-off`: nobody will.
 */
export type Resolution = 'found' | 'income' | 'charged' | 'written-off';

/**
 * Part or all of a difference, or of what a person owes for one, was resolved. Income and a write-off are the income
 * and the expense of the same append, whose account is `surplus/<account>`, `missing/<account>` or `charge/<person>`.
 */
export interface CountDifferenceResolved {
  readonly resolution: string;
  /** The difference, or the charge, that is resolved. */
  readonly difference: string;
  readonly of: DifferenceKind | 'charge';
  readonly how: Resolution;
  /** Of the difference: the account that was counted; of a charge: the person. */
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  readonly left: string;
  /** Null: the income or the expense of the same append has it. */
  readonly voucher: string | null;
  /** Who has to make it good; an opaque id. */
  readonly person: string | null;
  /** Commitment to that person's name in the vault. */
  readonly name: string | null;
  readonly proposedBy: string | null;
  /** Commitment to free text in the vault. */
  readonly reason: string;
}

/** A person paid what was charged, all of it or a part. */
export interface ChargePaid {
  readonly payment: string;
  readonly charge: string;
  readonly voucher: string;
  /** Own account it came into. */
  readonly account: string;
  readonly person: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  readonly left: string;
}

/** The events of counts by their type. */
export interface CountEvents {
  'book.cash-counted.v1': CashCounted;
  'book.charge-paid.v1': ChargePaid;
  'book.count-difference-booked.v1': CountDifferenceBooked;
  'book.count-difference-resolved.v1': CountDifferenceResolved;
  'book.stock-counted.v1': StockCounted;
}
