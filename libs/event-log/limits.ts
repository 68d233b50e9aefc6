/** Events a page of `readAll` or `readStream` may hold. */
export const PAGE_MAX = 10_000;
/** Rows one filtered `readAll` looks at before it answers, full page or not. */
export const FILTER_SCAN_MAX = 20_000;
/** UTF-8 bytes of one envelope: the entry bundles of tlog-tiles give each leaf a 16-bit length. */
export const EVENT_BYTES_MAX = 65_535;
/** UTF-8 bytes of all envelopes of one append: the append limit of KurrentDB 24.10, so both adapters agree. */
export const APPEND_BYTES_MAX = 1_048_576;
/** Events of one append. */
export const APPEND_EVENTS_MAX = 1_000;
/** Streams one append may touch. */
export const APPEND_STREAMS_MAX = 100;
/** Events after which a group is committed although more are waiting. */
export const GROUP_EVENTS_MAX = 2_000;
/** Events that may wait for the writer; more are refused as `ES_UNAVAILABLE`, so that memory stays bounded. */
export const WAITING_EVENTS_MAX = 100_000;
/** Milliseconds between looks at the head where no notice of an append reaches the subscriber. */
export const POLL_MS = 200;
