import type { CommodityCode, Day, LedgerEvent } from '#kernel';
import type { Layout } from './read-statement/layouts.ts';
import type { Direction, StatementException, StatementFormat } from './statement.ts';

/** An account at a bank, and the accounts of the books that are kept in it. */
export interface BankAccountRegistered {
  readonly account: string;
  /** Napas BIN of the bank. */
  readonly bin: string;
  /** Commitment to the number, which lives in the vault. */
  readonly number: string;
  readonly commodity: CommodityCode;
  /** The first day that is reconciled; what was before is one opening figure on each side. */
  readonly startsOn: Day;
  readonly books: readonly { readonly fund: string; readonly account: string }[];
}

export interface LayoutSaved {
  readonly account: string;
  readonly layout: Layout;
}

/** One line of a bank statement. Its `effectiveOn` is the booking day. */
export interface LineRecorded {
  readonly account: string;
  readonly line: string;
  readonly valueOn: Day | null;
  readonly amount: string;
  readonly direction: Direction;
  /** Of the account after the line; null: the file gives none. */
  readonly balance: string | null;
  /** Commitments to personal texts in the vault. */
  readonly narrative: string | null;
  readonly counterparty: string | null;
  readonly bankRef: string | null;
}

/** A file that was read. Its `effectiveOn` is the last day of the period. */
export interface StatementImported {
  readonly account: string;
  readonly statement: string;
  /** SHA-256 of the original bytes, which the vault keeps. */
  readonly file: string;
  readonly format: StatementFormat;
  readonly layout: string;
  readonly from: Day;
  readonly to: Day;
  readonly opening: string | null;
  readonly closing: string | null;
  readonly lines: number;
  readonly totalIn: string;
  readonly totalOut: string;
  readonly exceptions: readonly StatementException[];
}

/** A line, or a part of one that was split: `<line>` or `<line>.<part>` from 1. */
export interface MatchedLine {
  readonly line: string;
  readonly amount: string;
  readonly direction: Direction;
}

/** What the books said of a money event when it was matched. */
export interface MatchedEntry {
  readonly entry: string;
  readonly fund: string;
  readonly amount: string;
  readonly direction: Direction;
  readonly day: Day;
}

/** A decision that these lines are these entries; both sides come to the same money. */
export interface LineMatched {
  readonly account: string;
  readonly match: string;
  readonly lines: readonly MatchedLine[];
  readonly entries: readonly MatchedEntry[];
  /** The rule that decided; null: the person did. */
  readonly rule: string | null;
}

/** A line divided, so that its parts can be matched apart. Parts sum to the line. */
export interface LineSplit {
  readonly account: string;
  readonly line: string;
  readonly parts: readonly string[];
}

export interface LineUnmatched {
  readonly account: string;
  readonly match: string;
  readonly lines: readonly string[];
  readonly entries: readonly string[];
  readonly reason: string;
}

/** A person accepted a reconciliation as it stood at a position. Its `effectiveOn` is the day reconciled. */
export interface Reconciled {
  readonly account: string;
  readonly bank: string;
  readonly book: string;
  /** Sum of the listed items: bank less book. */
  readonly items: string;
  readonly listed: number;
  /** Position at which it was computed. */
  readonly knownAt: number;
}

export interface BankAccountEvents {
  'bankaccount.registered.v1': BankAccountRegistered;
  'bankaccount.layout-saved.v1': LayoutSaved;
}
export interface BankEvents {
  'bank.line-recorded.v1': LineRecorded;
  'bank.statement-imported.v1': StatementImported;
  'bank.line-matched.v1': LineMatched;
  'bank.line-split.v1': LineSplit;
  'bank.line-unmatched.v1': LineUnmatched;
  'bank.reconciled.v1': Reconciled;
}
type Events<Map> = { [T in keyof Map & string]: LedgerEvent<T, Map[T]> }[keyof Map & string];
export type BankAccountEvent = Events<BankAccountEvents>;
export type BankEvent = Events<BankEvents>;

export const bankAccountStream = (account: string): string => `bankaccount-${account}`;
export const bankStream = (account: string, year: number): string => `bank-${account}-${year}`;
