import { eventId } from '../event-id.ts';
import type {
  Append,
  EventLog,
  ExpectedRevision,
  NewEvent,
  RecordedEvent,
  StreamWrite,
} from '../event-log.ts';

/** How a store under test is opened and, if it can be, opened again on the same data. */
export interface Subject {
  readonly log: EventLog;
  /**
   * Resolves when everything that is durable has its position. At once where the append gives it, so that a store
   * which promises that is held to it.
   */
  readonly settled: () => Promise<void>;
  /** Takes answers away on order; absent where nothing can come between the log and its store. */
  readonly faults?: {
    /** The next append loses its answer, after or before it is written. */
    readonly lose: (when: 'written' | 'unwritten') => void;
    /** From now on the store says nothing to the log, until the function given back is called. */
    readonly silence: () => () => void;
  };
  /** Closes the log and opens it again; absent where nothing outlives the process. */
  readonly reopen?: () => Promise<EventLog>;
  readonly dispose: () => Promise<void>;
}

export const HASH = 'a'.repeat(64);
export const OTHER_HASH = 'b'.repeat(64);
export const TYPE = 'book.noted.v1';

/** Command ids that sort against the order in which they are made: ids in log order would hide wrong ordering. */
export const command = (number: number): string =>
  `${(0xffff_ffff - number).toString(16).padStart(8, '0')}-0000-7000-8000-000000000001`;

export interface EventShape {
  readonly type?: string;
  readonly requestHash?: string;
  readonly data?: unknown;
}

/** An event with the envelope that belongs to its place. */
export const event = (id: string, stream: string, revision: number, shape: EventShape = {}): NewEvent => {
  const { type = TYPE, requestHash = HASH, data = {} } = shape;
  return { id, type, envelope: JSON.stringify({ id, type, stream, revision, bodyHash: requestHash, data }) };
};

/** Where a write begins: after the expected revision, or where the case says. */
const begins = (expected: ExpectedRevision): number => (typeof expected === 'number' ? expected + 1 : 0);

export interface WriteShape {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly count?: number;
  /** First revision in the envelopes; follows from `expected` when absent. */
  readonly first?: number;
  readonly type?: string;
  readonly data?: unknown;
}

/** One command's append; event ids follow from the command number. */
export const append = (number: number, shapes: readonly WriteShape[], requestHash = HASH): Append => {
  let index = 0;
  const writes = shapes.map(
    ({ stream, expected, count = 1, first = begins(expected), type, data }): StreamWrite => ({
      stream,
      expected,
      events: Array.from({ length: count }, (_, at) =>
        event(eventId(command(number), index++), stream, first + at, {
          requestHash,
          ...(type !== undefined && { type }),
          ...(data !== undefined && { data }),
        }),
      ),
    }),
  );
  const [head, ...rest] = writes;
  if (head === undefined) throw new RangeError('an append needs a write');
  return { command: command(number), requestHash, writes: [head, ...rest] };
};

export const everything = async (log: EventLog): Promise<readonly RecordedEvent[]> =>
  (await log.readAll({ limit: 10_000 })).events;

/** What an append is refused with. */
export const refusal = async (answer: Promise<unknown>): Promise<{ code: unknown; written: unknown }> =>
  answer.then(
    (result) => ({ code: `no refusal but ${JSON.stringify(result)}`, written: undefined }),
    (error: { code?: unknown; written?: unknown }) => ({ code: error.code, written: error.written }),
  );

export const A = 'book-a-2023';
export const B = 'book-b-2023';

/** The answer to an append that took these positions, in the words of a log that knows them, or not yet. */
export const appended = ({ capabilities }: EventLog, firstPosition: number, position = firstPosition) =>
  capabilities.positionsAtAppend
    ? { kind: 'appended', firstPosition, position }
    : { kind: 'appended', firstPosition: undefined, position: undefined };
export const conflict = (stream: string, expected: unknown, actual: unknown) => ({
  kind: 'conflict',
  stream,
  expected,
  actual,
});

/** Appends `count` events to each stream, one append each, and says nothing about how. */
export const fill = async (
  log: EventLog,
  streams: readonly string[],
  count: number,
  types: readonly string[] = [TYPE],
) => {
  for (let at = 0; at < count; at += 1)
    for (const [index, stream] of streams.entries()) {
      const number = 1_000 + at * streams.length + index;
      const type = types[at % types.length] ?? TYPE;
      await log.append(append(number, [{ stream, expected: at === 0 ? 'no-stream' : at - 1, type }]));
    }
};
