import type { CommodityCode, Day } from '#kernel';
import type { LateFact } from './events-periods.ts';
import type { Part, PoolUnits, ReceiptRecorded, ReceiptSource } from './events.ts';
import type { Restriction } from './restriction.ts';

/** What stays open until something else happens to it, whatever year that is in. */
export const OPEN_ITEM_KINDS = [
  'advance',
  'charge',
  'shortage',
  'supplier-debt',
  'surplus',
  'transit',
  'unidentified',
] as const;
export type OpenItemKind = (typeof OPEN_ITEM_KINDS)[number];

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
  /** Day by which it is to be settled or paid; absent where none was agreed. */
  readonly due?: Day;
}

/**
 * Money that came from nobody knows whom. It is in an own account and in no pool, so that nothing can use it
 * before somebody has found out what it is for.
 */
export interface UnidentifiedReceiptRecorded extends LateFact {
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

export type IncomeKind = 'interest' | 'surplus' | 'other';

/**
 * What the fund earned by itself, in the pool it is stated for: a receipt whose source is `income` and that nobody
 * gave. Everything that can be done with a receipt can be done with it.
 */
export interface IncomeRecorded extends ReceiptRecorded {
  readonly kind: IncomeKind;
}

export type ExpenseKind = 'administration' | 'bank-fee' | 'shortage' | 'other';

/** What the cost cap said when an expense was decided on, in the currency of the expense. */
export interface CapJudgement {
  /** Id of the cap. */
  readonly cap: string;
  readonly basisPoints: number;
  /** Income of the year that the cap is taken of. */
  readonly base: string;
  /** What the year's expenses under the cap had come to before this one. */
  readonly spent: string;
  /** It went over the cap, and the one who may allow that recorded it. */
  readonly overridden: boolean;
}

/** What the fund spent on itself. Its units are spent at once. */
export interface ExpenseRecorded extends Part, LateFact {
  readonly expense: string;
  readonly voucher: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  /** Of the whole expense, repeated in each part. */
  readonly amount: string;
  readonly kind: ExpenseKind;
  readonly programme: string | null;
  readonly purpose: string | null;
  readonly drawn: readonly PoolUnits[];
  /** Who asked for it, when somebody else had to record it. */
  readonly proposedBy: string | null;
  /** Id of the person who is paid, where it is one the ledger knows as such: they decide nothing about it. */
  readonly payeePerson?: string;
  /** Null: no cap was set for that day and kind. */
  readonly cap: CapJudgement | null;
  /** Commitment to free text in the vault. */
  readonly narrative: string | null;
}

/**
 * How much of a year's income may go into the fund's own costs, from a day on. A setting, since rates, bases and
 * who may allow more change with the law and with the board.
 */
export interface AdminCap {
  readonly cap: string;
  /** Hundredths of a per cent, 0 … 10,000; null: from that day on there is no cap. */
  readonly basisPoints: number | null;
  /** Only income from these sources counts, … */
  readonly sources: readonly ReceiptSource[];
  /** … and of it nothing that is restricted in any of these dimensions. Goods never count. */
  readonly without: readonly (keyof Restriction)[];
  /** The kinds of expenses under the cap. */
  readonly kinds: readonly ExpenseKind[];
  readonly validFrom: Day;
  /** The person who may record what goes over it, proposed by somebody else; null: nobody may. */
  readonly overrideApprover: string | null;
}

export interface AdminCapSet extends AdminCap {
  readonly proposedBy: string;
  /** Year of the book that carried it forward; null: it was decided in this one. */
  readonly from: number | null;
}

/** The events of daily money by their type. */
export interface DailyEvents {
  'book.admin-cap-set.v1': AdminCapSet;
  'book.expense-recorded.v1': ExpenseRecorded;
  'book.income-recorded.v1': IncomeRecorded;
  'book.money-arrived.v1': MoneyArrived;
  'book.money-sent.v1': MoneySent;
  'book.open-item-carried.v1': OpenItemCarried;
  'book.receipt-identified.v1': ReceiptIdentified;
  'book.unidentified-receipt-recorded.v1': UnidentifiedReceiptRecorded;
  'book.unidentified-receipt-returned.v1': UnidentifiedReceiptReturned;
}
