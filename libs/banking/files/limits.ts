/** Rows of a sheet, or entries of a message. */
export const ROWS_MAX = 200_000;
/** Cells of one row; a sheet of a bank has a dozen. */
export const CELLS_MAX = 200;
/** Elements inside one another in a message; camt.053 has about fifteen. */
export const DEPTH_MAX = 60;
