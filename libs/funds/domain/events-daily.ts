import type { CommodityCode, Day } from '#kernel';

/** What stays open until something else happens to it, whatever year that is in. */
export type OpenItemKind = 'transit' | 'unidentified';

/** An open item as the fund's book before left it: it stays open in this one. */
export interface OpenItemCarried {
  readonly kind: OpenItemKind;
  readonly item: string;
  /** Own account it concerns, or who owes or is owed. */
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  /** Day on which it became open. */
  readonly since: Day;
  /** Year of the book that carried it forward. */
  readonly from: number;
}

/**
 * Money that came from nobody knows whom. It is in an own account and in no pool, so that nothing can use it
 * before somebody has found out what it is for.
 */
export interface UnidentifiedReceiptRecorded {
  readonly unidentified: string;
  readonly voucher: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  /** Id of the bank statement's line; null: it did not come by bank, or the statement is not there yet. */
  readonly bankLine: string | null;
  /** Commitment to free text in the vault. */
  readonly narrative: string | null;
}

/**
 * It was found out who gave it. The receipt itself is `book.receipt-recorded.v1` of the same append, whose account
 * is `holding/<account>`: the money has been there since it arrived.
 */
export interface ReceiptIdentified {
  readonly unidentified: string;
  readonly receipt: string;
  /** Own account in which it arrived. */
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  /** What nobody has been found for yet. */
  readonly left: string;
}

/** Unidentified money that went back to where it came from. */
export interface UnidentifiedReceiptReturned {
  readonly unidentified: string;
  readonly voucher: string;
  /** Own account it went back from. */
  readonly account: string;
  /** Own account in which it arrived. */
  readonly held: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  readonly left: string;
  /** Commitment to free text in the vault. */
  readonly reason: string;
}

/** Money (or goods) that left an own account for another one of the same fund. */
export interface MoneySent {
  readonly move: string;
  /** Phiếu chi when it left a cash box; a bank or a store writes a paper of its own. */
  readonly voucher: string | null;
  readonly account: string;
  /** The own account it was sent to. */
  readonly to: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  /** Commitment to free text in the vault. */
  readonly narrative: string | null;
}

/** What was sent arrived, all of it or a part: in the same append when that was on the same day. */
export interface MoneyArrived {
  readonly move: string;
  /** Phiếu thu when it came into a cash box. */
  readonly voucher: string | null;
  readonly account: string;
  /** The own account it was sent from. */
  readonly from: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  /** What is still on its way. */
  readonly left: string;
}

/** The events of daily money by their type. */
export interface DailyEvents {
  'book.money-arrived.v1': MoneyArrived;
  'book.money-sent.v1': MoneySent;
  'book.open-item-carried.v1': OpenItemCarried;
  'book.receipt-identified.v1': ReceiptIdentified;
  'book.unidentified-receipt-recorded.v1': UnidentifiedReceiptRecorded;
  'book.unidentified-receipt-returned.v1': UnidentifiedReceiptReturned;
}
