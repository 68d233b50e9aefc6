/** Milliseconds one call to KurrentDB may take; the client's own deadlines do not hold everywhere. */
export const CALL_MS = 5_000;
/** Milliseconds in which an append is settled one way or the other, all attempts and look-ups together. */
export const SETTLE_MS = 15_000;
/** Milliseconds a server may take to answer for the first time. */
export const OPEN_MS = 30_000;
/** Pauses between attempts: they double from the first to the last, each shortened by chance down to its half. */
export const PAUSE_MS = { first: 25, last: 2_000 } as const;
/** UTF-8 bytes of one append on servers that take 1 MiB with everything they store beside the envelopes. */
export const SMALL_APPEND_BYTES_MAX = 1_048_576 - 131_072;
/** Records of one page when the end of `$all` is searched for an event the sequencer has not placed. */
export const TAIL_PAGE = 500;
/** Records searched in that way before the sequencer counts as too far behind. */
export const TAIL_MAX = 50_000;
/** Clients made anew in a row without an answer in between; each leaves a connection that only the end frees. */
export const RENEWALS_MAX = 1_000;
