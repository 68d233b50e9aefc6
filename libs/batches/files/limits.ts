/** Bytes of one import file. */
export const FILE_BYTES_MAX = 256 * 1024 * 1024;
/** Rows of one CSV; Excel's own limit. Of an XLSX, `libs/sheets` says it. */
export const ROWS_MAX = 1_048_576;
/** Lines that one CSV record may span, so that a quote that is never closed spoils no more than its own line. */
export const RECORD_LINES_MAX = 50;
/** Characters of one cell. */
export const CELL_CHARS_MAX = 4_000;
/**
 * Rows that go to the ledger in one batch. A decision about a place checks every place that is not durable
 * yet, and one append may check 100 streams.
 */
export const BATCH_ROWS = 80;
