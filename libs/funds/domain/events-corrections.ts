import type { CommodityCode, Day } from '#kernel';
import type { Move, Part, PoolUnits, ReceiptRecorded, ReceiptSource, WireRange } from './events.ts';

/** What every correction says: which item it corrects, where that stands, and why. */
export interface Correction {
  /** Id of the item: the receipt, disbursement or other thing that was recorded. */
  readonly corrects: string;
  /** Stream of the closed book the item stands in, whose figures stay; null: it stands in this one. */
  readonly originalBook: string | null;
  /** The day there on which it counted; only where it stands in a closed book. */
  readonly belongsTo?: Day;
  /** Commitment to free text in the vault. */
  readonly reason: string;
}

/** What is said about a gift besides its amount and its restriction. */
export type ReceiptLabels = Pick<ReceiptRecorded, 'donor' | 'place' | 'pledge' | 'period' | 'narrative'> & {
  readonly source: ReceiptSource;
};

/** Something said about a gift was wrong. Its units stay as they are. */
export interface ReceiptCorrected extends Correction {
  readonly receipt: string;
  readonly voucher: string;
  readonly commodity: CommodityCode;
  /** What counts of the gift: its units less those voided before. */
  readonly amount: string;
  /** The units that its receipt minted. */
  readonly units: PoolUnits;
  readonly was: ReceiptLabels;
  readonly now: ReceiptLabels;
}

/** The amount of a receipt was wrong: the difference is minted, or voided of what is free. One of the two is empty. */
export interface ReceiptAdjusted extends Correction, Part {
  readonly receipt: string;
  readonly voucher: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  /** The whole receipt before and after, repeated in each part. */
  readonly was: string;
  readonly now: string;
  readonly pool: string;
  readonly minted: WireRange | null;
  readonly voided: readonly WireRange[];
  readonly source: ReceiptSource;
  readonly donor: string | null;
  readonly place: string | null;
}

/** Units of a use that others took the places of, pairwise in order. */
export interface CoveredUnits {
  /** Disbursement, allocation or release that holds them. */
  readonly use: string;
  readonly replaced: readonly WireRange[];
  readonly by: readonly WireRange[];
}

/** Units that a use holds though their receipt was reversed. */
export interface ShortUnits {
  readonly use: string;
  readonly units: readonly WireRange[];
}

/** `wrong-entry`: it never was so. `bank-reversal`: the money came and went again. */
export type ReversalKind = 'wrong-entry' | 'bank-reversal';

/** A receipt that does not count: its free units are voided, used ones covered, or listed as short (DESIGN §4). */
export interface ReceiptReversed extends Correction, Part {
  readonly receipt: string;
  readonly kind: ReversalKind;
  readonly voucher: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  /** Of the whole reversal, repeated in each part. */
  readonly amount: string;
  readonly pool: string;
  readonly donor: string | null;
  readonly place: string | null;
  /** Free units, which never return. */
  readonly voided: readonly WireRange[];
  readonly covered: readonly CoveredUnits[];
  readonly short: readonly ShortUnits[];
  /** The receipt that says it rightly, recorded by the same command. */
  readonly recordedAgain: string | null;
}

/** What became of a pool's shortfalls after new units came in or old ones came back. */
export interface ShortfallSettled extends Part {
  readonly commodity: CommodityCode;
  readonly pool: string;
  readonly covered: readonly CoveredUnits[];
  /** Units whose use gave them back: they are not free again but voided, and need no cover. */
  readonly lifted: readonly ShortUnits[];
}

/** Shortfalls of a pool in the fund's book before. */
export interface ShortfallCarried extends Part {
  readonly pool: string;
  readonly from: number;
  readonly short: readonly ShortUnits[];
}

/** Money given back to the donor: the gift's free units are voided. */
export interface DonorRefunded extends Correction, Part {
  readonly refund: string;
  readonly receipt: string;
  readonly voucher: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  /** Of the whole refund, repeated in each part. */
  readonly amount: string;
  readonly pool: string;
  readonly voided: readonly WireRange[];
  readonly donor: string | null;
  readonly place: string | null;
}

/** Why units leave a donor's restriction. */
export type ReleaseGround = 'donor-consent' | 'expired' | 'lawful-order';

/** Units that left a restriction for a wider one or none, by decision on evidence. */
export interface RestrictionReleased extends Part {
  readonly release: string;
  readonly proposedBy: string;
  readonly ground: ReleaseGround;
  readonly commodity: CommodityCode;
  /** Of the whole release, repeated in each part. */
  readonly amount: string;
  readonly moves: readonly Move[];
  /** Commitment to free text in the vault. */
  readonly reason: string;
  /** SHA-256 (hex) of the evidence files in the vault. */
  readonly files: readonly string[];
}

export type VoucherKind = 'receipt' | 'payment' | 'adjustment';

/** A voucher that does not count; its number is never given again. */
export interface VoucherVoided extends Correction {
  readonly kind: VoucherKind;
  readonly voucher: string;
  /** The voucher written anew in its place. */
  readonly replacedBy: string;
}

/** The events of corrections by their type. */
export interface CorrectionEvents {
  'book.donor-refunded.v1': DonorRefunded;
  'book.receipt-adjusted.v1': ReceiptAdjusted;
  'book.receipt-corrected.v1': ReceiptCorrected;
  'book.receipt-reversed.v1': ReceiptReversed;
  'book.restriction-released.v1': RestrictionReleased;
  'book.shortfall-carried.v1': ShortfallCarried;
  'book.shortfall-settled.v1': ShortfallSettled;
  'book.voucher-voided.v1': VoucherVoided;
}
