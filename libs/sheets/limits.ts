/** Bytes an XLSX may unpack to, all its entries together. */
export const UNPACKED_BYTES_MAX = 192 * 1024 * 1024;
/** Entries of an XLSX. */
export const ENTRIES_MAX = 500;
/** How many times larger an entry may get; only asked of entries above {@link RATIO_BYTES_MIN}. */
export const RATIO_MAX = 150;
export const RATIO_BYTES_MIN = 1024 * 1024;
/** Rows of a sheet. */
export const ROWS_MAX = 200_000;
/** Cells of one row; a sheet of a bank has a dozen, the widest of our own forty. */
export const CELLS_MAX = 200;
