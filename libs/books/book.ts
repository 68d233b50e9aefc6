import type { Bilingual } from './domain/bilingual.ts';
import type { CommodityCode, Day } from '#kernel';

export type { Bilingual };

/**
 * What a column holds, which decides how a cell is written and on which side it stands. `amount` cells are
 * `bigint` minor units of the row's commodity, `count` cells whole numbers, `day` cells `YYYY-MM-DD`.
 */
export type ColumnKind = 'text' | 'day' | 'amount' | 'count';

export interface BookColumn extends Bilingual {
  /** Name of the cell in a row, and of the column in CSV. */
  readonly key: string;
  readonly kind: ColumnKind;
  /** Title over this column and its neighbours of the same group: "Dư đầu kỳ" over Nợ and Có. */
  readonly group?: Bilingual;
  /** Width relative to the other columns; 1 when absent. */
  readonly width?: number;
  /** What a page on paper hands on to the next one: the sum of its lines so far, or what the last of them says. */
  readonly carried?: 'sum' | 'last';
}

export type BookCell = string | bigint | number | null;

/** Where a row comes from: the event, and the voucher written for it. */
export interface RowSource {
  readonly position: number;
  readonly voucher: string | null;
}

/** `heading` and `note` have one text, in the first text column; `opening`, `subtotal` and `total` are set off. */
export type RowKind = 'line' | 'heading' | 'opening' | 'subtotal' | 'total' | 'closing' | 'note';

export interface BookRow {
  readonly kind: RowKind;
  readonly cells: Readonly<Record<string, BookCell>>;
  /** Of every amount of the row. */
  readonly commodity: CommodityCode;
  readonly source: RowSource | null;
}

/** Which page of a book this is. */
export interface BookPage {
  /** Null: this was the last. */
  readonly next: string | null;
  /** True: the rows begin where the book does, so its opening stands before them. */
  readonly isFirst: boolean;
}

/** A line under the title: "Tài khoản" – "112 Tiền gửi ngân hàng, kho bạc". */
export interface BookFact {
  readonly label: Bilingual;
  readonly value: string;
}

/**
 * A book, ledger or statement as it is read, from which screen, CSV, XLSX and PDF are all made. Plain data: it can
 * be sent as JSON as it is, amounts as decimal strings.
 */
export interface Book {
  /** `general-ledger` */
  readonly name: string;
  readonly title: Bilingual;
  /** Number of the form it follows, and whether that number is settled: "S03-H", to be confirmed. */
  readonly form: { readonly code: string; readonly confirm: boolean } | null;
  /** Accounting profile it is written in. */
  readonly profile: string;
  /** Whose book it is. */
  readonly unit: { readonly fund: string; readonly name: string };
  readonly period: { readonly year: number; readonly from: Day; readonly to: Day };
  /** Day on which the book of the year was opened (ngày mở sổ). */
  readonly openedOn?: Day;
  readonly facts: readonly BookFact[];
  readonly columns: readonly BookColumn[];
  readonly rows: readonly BookRow[];
  /** What stands below the last row; only on the last page. */
  readonly totals: readonly BookRow[];
  /** Decimals of every commodity that a row names. */
  readonly exponents: Readonly<Record<CommodityCode, number>>;
  /** Who signs, from left to right. */
  readonly signatures: readonly Bilingual[];
  readonly notes: readonly Bilingual[];
  readonly page: BookPage;
  /** Everything up to this position was looked at. */
  readonly position: number;
  readonly knownAt: number;
  readonly effectiveThrough: Day | null;
}
