import type { CommodityCode, Day, Moment } from '#kernel';
import type { Standing } from '#read-models';
import type { Bilingual } from '../domain/bilingual.ts';
import type { VoucherFileFormat } from '../domain/events.ts';
import type { FormName } from './forms.ts';

/** An amount as paper shows it: minor units, its decimals and its words. */
export interface WrittenAmount {
  readonly amount: bigint;
  readonly commodity: CommodityCode;
  readonly exponent: number;
  /** Unit of a good: "chiếc", "kg". */
  readonly unit: string;
  /** "Một triệu đồng" */
  readonly words: string;
}

/** Nợ and Có of an amount in the accounting profile. */
export interface VoucherEntry {
  readonly debit: string;
  readonly credit: string;
  readonly amount: bigint;
  readonly commodity: CommodityCode;
  readonly exponent: number;
}

/** The person on the other side. An id where the name is not kept, or may not be read here. */
export interface VoucherPerson {
  readonly id: string | null;
  readonly name: string | null;
  readonly address: string | null;
}

/** One line of a hand-over list. */
export interface HandOver {
  readonly beneficiary: string | null;
  /** Only when names were asked for, and the vault has it. */
  readonly name: string | null;
  readonly place: string | null;
  readonly children: number | null;
  readonly amount: bigint;
}

/** What an adjustment changes: a thing as it was said, and as it is. */
export interface VoucherChange {
  readonly label: Bilingual;
  readonly was: string;
  readonly now: string;
}

/** What a voucher corrects, and why. */
export interface VoucherCorrects {
  readonly item: string;
  /** Number of the voucher that was written for it. */
  readonly voucher: string | null;
  readonly year: number | null;
}

export interface VoucherPrint {
  /** Key of the command that printed it, by which its actor fetches that print. */
  readonly key: string;
  /** 1: the original. */
  readonly print: number;
  readonly at: Moment;
  readonly actor: string;
}

export interface VoucherFile {
  readonly file: string;
  readonly format: VoucherFileFormat;
  readonly bytes: number;
  readonly at: Moment;
  readonly actor: string;
  /** Where it is downloaded. */
  readonly href: string;
}

/** The seven contents of a voucher (Law on Accounting 88/2015/QH13, Art. 16.1), in its order. */
export const CONTENTS = [
  /** a) name and number */
  'name-and-number',
  /** b) day */
  'day',
  /** c) name and address of the unit or person that makes it */
  'issuer',
  /** d) name and address of the unit or person that receives it */
  'receiver',
  /** đ) what it is about */
  'content',
  /** e) quantity, price, amount in figures; the sum of money also in words */
  'amounts',
  /** g) signatures and names of who made it, who approved it, and others concerned */
  'signatures',
] as const;
export type Content = (typeof CONTENTS)[number];

/** A voucher with everything that stands on its paper. */
export interface Voucher extends Standing {
  readonly fund: string;
  readonly year: number;
  readonly voucher: string;
  readonly series: string;
  readonly form: FormName;
  readonly title: Bilingual;
  readonly formCode: string | null;
  readonly profile: string;
  readonly status: 'written' | 'voided';
  /** The voucher written in its place. */
  readonly replacedBy: string | null;
  /** The voided voucher in whose place it was written. */
  readonly replaces: string | null;
  readonly unit: { readonly name: string; readonly address: string | null };
  readonly day: Day;
  readonly recordedAt: Moment;
  /** Type of the event it was written for. */
  readonly type: string;
  readonly item: string | null;
  readonly description: Bilingual;
  /** Free text of the one who recorded it; null: none, or it may not be read here. */
  readonly narrative: string | null;
  readonly programme: string | null;
  readonly account: string | null;
  readonly person: VoucherPerson;
  /** Null: the event names no amount. */
  readonly total: WrittenAmount | null;
  /** Goods: what they are worth, where that is known. */
  readonly value: WrittenAmount | null;
  readonly entries: readonly VoucherEntry[];
  readonly corrects: VoucherCorrects | null;
  readonly changes: readonly VoucherChange[];
  readonly handOver: readonly HandOver[];
  /** Opaque ids of who recorded, proposed and approved it. */
  readonly recordedBy: string;
  readonly proposedBy: string | null;
  readonly approvedBy: string | null;
  /** Contents that the ledger does not know: their lines are left to be filled in by hand. */
  readonly blank: readonly Content[];
  readonly prints: readonly VoucherPrint[];
  readonly files: readonly VoucherFile[];
}
