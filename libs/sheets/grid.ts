/** A cell: text as it stands; a number as the file's own digits, so that none passes through a float; a day. */
export type Cell = string | { readonly digits: string } | { readonly day: string };

/** A row with the number a person finds it by. */
export interface GridRow {
  readonly row: number;
  readonly cells: readonly Cell[];
}
