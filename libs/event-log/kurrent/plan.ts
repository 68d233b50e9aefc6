import { checkAppend, envelopeAgrees, revisionOfEnvelope } from '../check-append.ts';
import { eventId } from '../event-id.ts';
import { type Append, EventLogError, type NewEvent, type StreamWrite } from '../event-log.ts';
import { type Stand, isMarkerStream } from './marker.ts';

/** What a stream must be like, in the client's words. Never “any”: that would be remembered for a while only. */
export type StreamState = 'no_stream' | 'stream_exists' | bigint;

export interface PlannedWrite {
  readonly stream: string;
  readonly state: StreamState;
  readonly events: readonly NewEvent[];
}

/** What is sent; undefined where an envelope names another revision than the one it would get. */
export interface Plan {
  readonly writes: readonly PlannedWrite[];
  readonly stands: readonly Stand[];
}

const bad = (message: string): EventLogError => new EventLogError('ES_BAD_REQUEST', message);

/** Refuses, before any I/O, what this store may not get. Errors: `ES_BAD_REQUEST`, `ES_TOO_LARGE`. */
export const checkForKurrent = (append: Append, maxBytes: number, checksUnwritten: boolean): void => {
  const problem = checkAppend(append);
  if (problem !== undefined) throw problem;
  const events = append.writes.flatMap((write) => write.events);
  const bytes = events.reduce((sum, { envelope }) => sum + Buffer.byteLength(envelope), 0);
  if (bytes > maxBytes) throw new EventLogError('ES_TOO_LARGE', `${bytes} bytes, ${maxBytes} are allowed`);
  // Looking a command up is what makes its events be written once; so its ids have to be its own.
  const own = new Set(events.map((_, index) => eventId(append.command, index)));
  const foreign = events.find(({ id }) => !own.has(id));
  if (foreign !== undefined) throw bad(`event ${foreign.id} is not one of command ${append.command}`);
  for (const { stream, events: given } of append.writes) {
    if (isMarkerStream(stream)) throw bad(`${stream} is a name of the store's own`);
    if (given.length === 0 && !checksUnwritten)
      throw bad(`this server checks no stream that it does not write: ${stream}`);
  }
};

const planWrite = ({ stream, expected, events }: StreamWrite): PlannedWrite | undefined => {
  const [first] = events;
  if (first === undefined) return { stream, state: stateOf(expected), events };
  // The envelope says where it will stand, so “stream-exists” becomes that place exactly.
  const begins =
    expected === 'stream-exists'
      ? revisionOfEnvelope(first.envelope)
      : expected === 'no-stream'
        ? 0
        : expected + 1;
  if (begins === undefined || (expected === 'stream-exists' && begins === 0)) return undefined;
  const agrees = events.every(({ envelope, id, type }, at) =>
    envelopeAgrees(envelope, id, type, stream, begins + at),
  );
  return agrees ? { stream, state: begins === 0 ? 'no_stream' : BigInt(begins - 1), events } : undefined;
};

const stateOf = (expected: StreamWrite['expected']): StreamState =>
  expected === 'no-stream' ? 'no_stream' : expected === 'stream-exists' ? 'stream_exists' : BigInt(expected);

/** What to send for an append; undefined when an envelope is not that of the place it would get. */
export const planOf = ({ writes }: Append): Plan | undefined => {
  const planned = writes.map(planWrite);
  if (!planned.every((write) => write !== undefined)) return undefined;
  const stands = planned.flatMap(({ stream, state, events }) =>
    events.length === 0
      ? []
      : [{ stream, from: typeof state === 'bigint' ? Number(state) + 1 : 0, count: events.length }],
  );
  return { writes: planned, stands };
};
