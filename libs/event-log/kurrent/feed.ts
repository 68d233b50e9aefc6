/**
 * Place in `$all`: byte offsets of a transaction's commit and of one record in it, both decimal. Only ever
 * compared and handed back; they grow with gaps and outgrow what a `number` holds exactly.
 */
export interface Cursor {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** An event as it lies in `$all`: what the sequencer gives a position to. */
export interface FeedEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  /** The exact text that was appended, hence what is hashed. */
  readonly envelope: string;
  /** Its own place; the pages after it go on from here. */
  readonly cursor: Cursor;
}

/**
 * `events` holds no system events (`$…`) and no command markers; `next` moves over them, so a page may be empty
 * while `atHead` is false. `next` is undefined only where nothing at all was read yet.
 */
export interface FeedPage {
  readonly events: readonly FeedEvent[];
  /** The `after` of the following page. */
  readonly next: Cursor | undefined;
  /** Nothing lay beyond `next` at the moment of reading. */
  readonly atHead: boolean;
}

/**
 * The whole log in the store's own order, for the one sequencer. An event may come again (the store repeats
 * a checkpoint or a page is asked for twice), never out of order and never not at all: whoever follows it
 * leaves out what it has already placed.
 */
export interface Feed {
  /**
   * Up to `limit` (1 … `PAGE_MAX`) records after a cursor, exclusive; from the beginning when undefined.
   * Rejects with `ES_UNAVAILABLE` (ask again from the same cursor, with growing pauses), `ES_CORRUPT` (an event
   * that no ledger wrote or whose bytes were redacted; somebody has to look).
   */
  page(after: Cursor | undefined, limit: number): Promise<FeedPage>;
  /**
   * Resolves when the store has told of something new, after `POLL_MS`, or when the signal aborts; it never
   * rejects. Only a hint to ask for a page: what counts is what the pages say.
   */
  wait(signal: AbortSignal): Promise<void>;
  /** Seconds since the store was last heard of: metric `lalanh_subscription_stalled_seconds`. */
  stalledSeconds(): number;
  close(): Promise<void>;
}

/** Whether `a` lies before `b` in `$all`. */
export const isBefore = (a: Cursor, b: Cursor): boolean =>
  a.commit < b.commit || (a.commit === b.commit && a.prepare < b.prepare);
