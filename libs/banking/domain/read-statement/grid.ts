import type { Day } from '#kernel';

/** A cell of a sheet: text as it stands there, a number by its digits (never a float), or a day. */
export type Cell = string | { readonly digits: string } | { readonly day: Day };

/** A row with the number a person finds it by. */
export interface GridRow {
  readonly row: number;
  readonly cells: readonly Cell[];
}

export const textOf = (cell: Cell | undefined): string =>
  cell === undefined ? '' : typeof cell === 'string' ? cell.trim() : 'day' in cell ? cell.day : cell.digits;

export const isBlank = (cell: Cell | undefined): boolean => textOf(cell) === '';
