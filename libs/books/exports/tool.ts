import type { CommodityCode, Day } from '#kernel';
import type { ChartKind } from '../domain/profile.ts';

/** An account of an export: whose, what it is, its number and what own account stands behind it. */
export interface ToolAccount {
  readonly kind: ChartKind;
  readonly fund: string;
  readonly code: string;
  readonly own: string | undefined;
}

export interface ToolCommodity {
  readonly code: CommodityCode;
  readonly exponent: number;
}

/** Postings of one event; they sum to 0 per commodity. */
export interface ToolEntry {
  readonly day: Day;
  readonly position: number;
  readonly fund: string;
  readonly voucher: string | null;
  readonly words: string;
  readonly postings: readonly {
    readonly account: ToolAccount;
    /** Debit is positive. */
    readonly amount: bigint;
    readonly commodity: ToolCommodity;
  }[];
}

/** A balance that the tool has to find too, at the end of a day. */
export interface ToolAssertion {
  readonly day: Day;
  readonly balances: ToolEntry['postings'];
}

/** How one accounting program writes journals. Every function gives whole lines. */
export interface Tool {
  readonly accountName: (account: ToolAccount) => string;
  readonly commodityName: (code: CommodityCode) => string;
  readonly head: (title: string) => string;
  readonly commodity: (commodity: ToolCommodity) => string;
  /** `since`: the first day on which anything is posted. */
  readonly account: (account: ToolAccount, since: Day) => string;
  readonly entry: (entry: ToolEntry) => string;
  readonly assertion: (assertion: ToolAssertion) => string;
}

/** The five roots that all three programs know. */
export const ROOTS: Readonly<Record<ChartKind, string>> = {
  asset: 'Assets',
  liability: 'Liabilities',
  equity: 'Equity',
  income: 'Income',
  expense: 'Expenses',
};
