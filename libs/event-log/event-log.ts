/** The revision a stream must stand at before an append; `stream-exists` = any revision, but not none. */
export type ExpectedRevision = 'no-stream' | 'stream-exists' | number;

/** An event that is decided and not in the log yet. */
export interface NewEvent {
  /** UUID made by `eventId(commandId, index)`: a retry of the command makes the same one. */
  readonly id: string;
  /** `<stream kind>.<what happened>.v<version>` */
  readonly type: string;
  /**
   * The exact JSON text that is stored, hashed and given back. Its members `id`, `type`, `stream` and
   * `revision` equal the columns, its `bodyHash` equals the append's `requestHash`.
   */
  readonly envelope: string;
}

/** An event as the log gives it back. */
export interface RecordedEvent extends NewEvent {
  /**
   * Place in the whole log: 1, 2, 3 … without gaps. 0 from `readStream` and `find` alone: durable, and not placed by the
   * sequencer yet.
   */
  readonly position: number;
  readonly stream: string;
  /** Place in its stream: 0, 1, 2 … without gaps. */
  readonly revision: number;
}

/** What one append adds to one stream. Without events it only checks the stream's revision. */
export interface StreamWrite {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

/** One command's events: all of them become durable or none. Every stream at most once, at least one event. */
export interface Append {
  /** UUID of the command. The ids of all events are `eventId(command, 0 …)`, in any order. */
  readonly command: string;
  /** Hash of the command's body. The same ids with another hash are a misuse of the idempotency key. */
  readonly requestHash: string;
  readonly writes: readonly [StreamWrite, ...StreamWrite[]];
}

/**
 * `appended`: durable now. `duplicate`: these events were in the log already, at these positions; whoever
 * asked gets the first answer again. `conflict`: a stream is not where it was expected; nothing is written.
 * Positions are undefined where a sequencer gives them later than the store makes the events durable.
 */
export type AppendResult<Position = number | undefined> =
  | { readonly kind: 'appended' | 'duplicate'; readonly firstPosition: Position; readonly position: Position }
  | {
      readonly kind: 'conflict';
      readonly stream: string;
      readonly expected: ExpectedRevision;
      readonly actual: number | 'no-stream';
    };

export type Direction = 'forwards' | 'backwards';

/** Keeps an event when its type is listed and its stream begins with a listed prefix; an absent list keeps all. */
export interface EventFilter {
  readonly streamPrefixes?: readonly string[];
  readonly types?: readonly string[];
}

export interface ReadAll {
  /** Exclusive. Forwards it is 0 and backwards it is past the end when absent. */
  readonly after?: number;
  /** 1 … `PAGE_MAX` */
  readonly limit: number;
  readonly filter?: EventFilter;
  readonly direction?: Direction;
}

/**
 * `next` is the `after` of the following page and moves past filtered events too, so a page may be empty
 * while `atHead` is false. `atHead`: nothing lay beyond `next` at the moment of reading.
 */
export interface Page {
  readonly events: readonly RecordedEvent[];
  readonly next: number;
  readonly atHead: boolean;
}

export interface ReadStream {
  /** Revision of the first event given, inclusive. The stream's first (forwards) or last (backwards) when absent. */
  readonly from?: number;
  /** 1 … `PAGE_MAX` */
  readonly limit: number;
  readonly direction?: Direction;
}

export type SubscriptionItem =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  /** Nothing for this filter up to here. */
  | { readonly kind: 'checkpoint'; readonly position: number }
  /** All up to the head was given; what follows is live. */
  | { readonly kind: 'caught-up'; readonly position: number }
  /** More than a page lies ahead again after having been caught up. */
  | { readonly kind: 'fell-behind' };

export interface Subscribe {
  /** Exclusive; 0 (the beginning) when absent. */
  readonly after?: number;
  readonly filter?: EventFilter;
  /** Ends the sequence without an error. Leaving the loop does so as well. */
  readonly signal: AbortSignal;
}

/** What an adapter can do; conformance cases that need more are skipped with the reason. */
export interface Capabilities {
  readonly atomicMultiStream: boolean;
  readonly checksOnUnwrittenStreams: boolean;
  /** `by-event-id`: a known id is found whatever revision is expected. */
  /** False: an append is answered before its events have positions; a sequencer gives them soon after. */
  readonly positionsAtAppend: boolean;
  readonly dedupe: 'by-event-id' | 'by-event-id-at-revision';
  readonly maxAppendBytes: number;
  readonly maxEventBytes: number;
}

/** The reading half of a log: what projections, reports and verifiers need. */
export interface EventLogReader {
  /** Events of one stream in the order of their revisions; none when the stream does not exist. */
  readStream(stream: string, options: ReadStream): Promise<readonly RecordedEvent[]>;
  readAll(options: ReadAll): Promise<Page>;
  find(eventId: string): Promise<RecordedEvent | undefined>;
  /** The same without waiting. Absent where a look-up is a round trip. */
  findNow?(eventId: string): RecordedEvent | undefined;
  /** Position of the last event, 0 when there is none. */
  head(): Promise<number>;
  subscribe(options: Subscribe): AsyncIterable<SubscriptionItem>;
  close(): Promise<void>;
}

export interface AppendOptions {
  /** After this long the outcome is given up as unknown (`ES_OUTCOME_UNKNOWN`); the append may still happen. */
  readonly timeoutMs?: number;
}

/**
 * An append-only log with one dense order and optimistic revisions per stream.
 *
 * An append is atomic over all its writes and answered only when it is durable. Ids are looked at before
 * revisions: events the log already holds, on the same streams with the same request hash, are a `duplicate`
 * whatever revision is expected; any other reuse of an id is `ES_IDEMPOTENCY_MISMATCH`.
 */
export interface EventLog extends EventLogReader {
  readonly capabilities: Capabilities;
  append(append: Append, options?: AppendOptions): Promise<AppendResult>;
  /**
   * The durable events of a command in the order of their index, none when nobody appended for it. Never behind
   * the answers of `append`; positions are 0 where the sequencer has not placed an event yet.
   */
  findCommand(command: string): Promise<readonly RecordedEvent[]>;
}

/**
 * `ES_BAD_REQUEST` is a programming error of the caller; all other codes are about the store or the data.
 * `ES_UNSUPPORTED`: this server or setting can not keep what the port promises, whatever is tried again.
 */
export type EventLogErrorCode =
  | 'ES_BAD_REQUEST'
  | 'ES_TOO_LARGE'
  | 'ES_IDEMPOTENCY_MISMATCH'
  | 'ES_LOCKED'
  | 'ES_UNSUPPORTED'
  | 'ES_UNAVAILABLE'
  | 'ES_OUTCOME_UNKNOWN'
  | 'ES_CORRUPT';

/** Anything an append or a read can fail with, besides a conflict. */
export class EventLogError extends Error {
  override readonly name = 'EventLogError';
  readonly code: EventLogErrorCode;
  /** Whether the events may be in the log: `unknown` must be settled by looking the command up. */
  readonly written: 'no' | 'unknown';

  constructor(
    code: EventLogErrorCode,
    message: string,
    written: 'no' | 'unknown' = 'no',
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.written = written;
  }
}
