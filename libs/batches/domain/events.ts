import type { CommodityCode, LedgerEvent } from '#kernel';

/** A sum that a person declared of a batch, or that its rows come to. */
export interface CommoditySum {
  readonly commodity: CommodityCode;
  readonly amount: string;
}

/** What rows a batch has in number and money. */
export interface BatchTotals {
  readonly count: number;
  readonly sums: readonly CommoditySum[];
}

/**
 * Somebody entered a batch of rows; its effective day is the day of entry. What each row became stands in the report,
 * which the vault keeps like the file itself, because both may name people.
 */
export interface BatchEntered {
  readonly batch: string;
  /** `receipts`, `disbursements` … */
  readonly kind: string;
  /** SHA-256 of the bytes that were entered. */
  readonly file: string;
  /** SHA-256 of the report on every row. */
  readonly report: string;
  readonly declared: BatchTotals;
  readonly found: BatchTotals;
  readonly recorded: number;
  /** Rows that were there already. */
  readonly there: number;
  readonly refused: number;
  readonly notTried: number;
}

export interface BatchEvents {
  'batch.entered.v1': BatchEntered;
}
export type BatchEvent = {
  [T in keyof BatchEvents & string]: LedgerEvent<T, BatchEvents[T]>;
}[keyof BatchEvents & string];

export const batchStream = (batch: string): string => `batch-${batch}`;
