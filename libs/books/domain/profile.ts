import type { AccountKind, ExpenseKind, ReceiptSource } from '#funds';
import type { Day } from '#kernel';
import type { Bilingual } from './bilingual.ts';
import type { LegKind } from './leg.ts';

/** Which side of the accounts stands an account on. */
export type ChartKind = 'asset' | 'liability' | 'equity' | 'income' | 'expense';

/** What an account is kept by in detail, and so what its detail ledgers can be by. */
export const DETAILS = ['source', 'restriction', 'programme', 'donor', 'recipient', 'place'] as const;
export type Detail = (typeof DETAILS)[number];

export interface ChartAccount extends Bilingual {
  /** `112`, `4100`: digits, perhaps with a letter. */
  readonly code: string;
  readonly kind: ChartKind;
  /** An accountant has to confirm the number before a report with it is filed. */
  readonly confirm?: boolean | undefined;
  readonly details: readonly Detail[];
  /** What belongs to closed years: shown apart in the statement of activities. */
  readonly prior?: boolean | undefined;
  /** Column of the statement of activities; by the gift when absent. */
  readonly column?: 'with' | 'without' | undefined;
}

/** A side of an entry: a number of the chart, the own account of the leg by its kind, or the other one. */
export type Side = string;
export const OWN: Side = 'own';
export const OWN_TO: Side = 'own-to';

/** What is booked for a leg that fits `when`: the leg's amount from `credit` to `debit`, for each pair. */
export interface RuleCase {
  readonly when?:
    | {
        readonly source?: readonly ReceiptSource[] | undefined;
        readonly restricted?: boolean | undefined;
        /** It belongs to a closed year; where a case does not say, it may or may not. */
        readonly prior?: boolean | undefined;
        /** Goods, which are counted in pieces; else money. */
        readonly goods?: boolean | undefined;
        readonly cost?: readonly ExpenseKind[] | undefined;
      }
    | undefined;
  readonly entries: readonly { readonly debit: Side; readonly credit: Side }[];
  /** Why nothing is booked; asked where `entries` is empty. */
  readonly because?: string | undefined;
}

export const BOOK_NAMES = [
  'journal',
  'general-ledger',
  'detail-ledger',
  'cash-book',
  'bank-book',
  'trial-balance',
  'receipts-and-uses-by-source',
  'receipts-and-uses-by-recipient',
  'activities',
  'disclosure-quarter',
  'disclosure-year',
] as const;
export type BookName = (typeof BOOK_NAMES)[number];

export interface BookTitle extends Bilingual {
  readonly form: string | null;
  readonly signatures: readonly Bilingual[];
  /** Titles of columns that this profile words otherwise, by their key. */
  readonly columns?: Readonly<Record<string, Bilingual>> | undefined;
}

/**
 * What stands apart from the own accounts: unidentified money, money on its way, what a count found missing or too
 * much, what a person has to make good, what staff have and what suppliers are owed. Names of them begin so.
 */
export const HELD_APART = ['holding', 'transit', 'missing', 'surplus', 'charge', 'advance', 'debt'] as const;
export type HeldApart = (typeof HELD_APART)[number];

/** An accounting profile: chart, rules and book names (decision 0011). A file; checked when it is loaded. */
export interface Profile extends Bilingual {
  readonly name: string;
  /** Days this profile holds for; null: no end. */
  readonly validFrom: Day;
  readonly validTo: Day | null;
  /** In which words rows speak: Vietnamese, or English beside it. */
  readonly language: 'vi' | 'vi-en';
  readonly chart: readonly ChartAccount[];
  /** Account of the chart by what kind an own account is, and for what stands apart from them. */
  readonly own: Readonly<Record<AccountKind | HeldApart, string>>;
  /** Where the result of closed years stands. */
  readonly result: string;
  /** Cases of each kind of leg; the first that fits counts, the last fits always. */
  readonly rules: Readonly<Record<LegKind, readonly RuleCase[]>>;
  readonly books: Readonly<Record<BookName, BookTitle>>;
}
