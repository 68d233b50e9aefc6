import { EventLogError } from './event-log.ts';
import type { Append, NewEvent, ReadAll, ReadStream } from './event-log.ts';
import {
  APPEND_BYTES_MAX,
  APPEND_EVENTS_MAX,
  APPEND_STREAMS_MAX,
  EVENT_BYTES_MAX,
  PAGE_MAX,
} from './limits.ts';

const STREAM = /^[a-z]+-[a-z0-9][a-z0-9.-]{0,180}$/;
const TYPE = /^[a-z]+\.[a-z]+(?:-[a-z]+)*\.v[1-9][0-9]{0,3}$/;
const REQUEST_HASH = /^[0-9A-Za-z_-]{16,128}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const bad = (message: string): EventLogError => new EventLogError('ES_BAD_REQUEST', message);

/**
 * Refuses, before any I/O, an append no log may store. Errors: `ES_BAD_REQUEST` (form), `ES_TOO_LARGE` (limits).
 * Whether the envelope names the columns is asked later, when the revisions are known.
 */
export const checkAppend = ({ command, requestHash, writes }: Append): EventLogError | undefined => {
  let events = 0;
  let bytes = 0;
  if (!UUID.test(command)) return bad(`not a command id: ${command}`);
  if (!REQUEST_HASH.test(requestHash)) return bad(`not a request hash: ${requestHash}`);
  const hashMember = `"bodyHash":"${requestHash}"`;
  if (writes.length > APPEND_STREAMS_MAX)
    return new EventLogError('ES_TOO_LARGE', `${writes.length} streams`);
  for (const [at, write] of writes.entries()) {
    if (!STREAM.test(write.stream)) return bad(`not a stream name: ${write.stream}`);
    if (writes.findIndex((other) => other.stream === write.stream) !== at)
      return bad(`twice: ${write.stream}`);
    if (typeof write.expected === 'number' && !(Number.isSafeInteger(write.expected) && write.expected >= 0))
      return bad(`not a revision: ${write.expected}`);
    for (const event of write.events) {
      const problem = checkEvent(event);
      if (problem !== undefined) return problem;
      // Without it in the stored text a retry could never be recognised as the same request.
      if (!event.envelope.includes(hashMember)) return bad(`event ${event.id} lacks its bodyHash`);
      bytes += event.envelope.length;
    }
    events += write.events.length;
  }
  if (events === 0) return bad('nothing to append');
  if (events > 1 && new Set(writes.flatMap((write) => write.events.map(({ id }) => id))).size < events)
    return bad('one event id stands for two events');
  if (events > APPEND_EVENTS_MAX) return new EventLogError('ES_TOO_LARGE', `${events} events in one append`);
  if (bytes * 3 > APPEND_BYTES_MAX && utf8Bytes(writes) > APPEND_BYTES_MAX)
    return new EventLogError('ES_TOO_LARGE', `an append holds at most ${APPEND_BYTES_MAX} bytes`);
  return undefined;
};

const checkEvent = ({ id, type, envelope }: NewEvent): EventLogError | undefined => {
  if (!UUID.test(id)) return bad(`not a UUID: ${id}`);
  if (!TYPE.test(type)) return bad(`not an event type: ${type}`);
  // A lone surrogate has no UTF-8 form: what is stored and hashed would not be what was given.
  if (!envelope.isWellFormed()) return bad(`event ${id} is not well-formed Unicode`);
  if (envelope.length * 3 > EVENT_BYTES_MAX && Buffer.byteLength(envelope) > EVENT_BYTES_MAX)
    return new EventLogError('ES_TOO_LARGE', `an envelope holds at most ${EVENT_BYTES_MAX} bytes`);
  return undefined;
};

const utf8Bytes = (writes: Append['writes']): number =>
  writes.reduce((sum, { events }) => events.reduce((all, e) => all + Buffer.byteLength(e.envelope), sum), 0);

/** True when the envelope's own members say what the columns say. The first test is only the fast path. */
export const envelopeAgrees = (
  envelope: string,
  id: string,
  type: string,
  stream: string,
  revision: number,
): boolean =>
  envelope.startsWith(`{"id":"${id}","type":"${type}","stream":"${stream}","revision":${revision},`) ||
  membersAgree(envelope, { id, type, stream, revision });

const membersAgree = (envelope: string, columns: Readonly<Record<string, unknown>>): boolean => {
  const members = parseObject(envelope);
  return members !== undefined && Object.keys(columns).every((name) => members[name] === columns[name]);
};

/** `bodyHash` of a stored envelope, or undefined. */
export const bodyHashOf = (envelope: string): unknown => parseObject(envelope)?.['bodyHash'];

/** The revision that a stored envelope names, or undefined. */
export const revisionOfEnvelope = (envelope: string): number | undefined => {
  const revision = parseObject(envelope)?.['revision'];
  return typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0
    ? revision
    : undefined;
};

const parseObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
};

/** Throws `ES_BAD_REQUEST` when a page's bounds are not usable. */
export const checkPage = (options: ReadAll | ReadStream): void => {
  const { limit } = options;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > PAGE_MAX)
    throw bad(`limit must be 1 to ${PAGE_MAX}`);
  const start = 'after' in options ? options.after : 'from' in options ? options.from : undefined;
  if (start !== undefined && !(Number.isSafeInteger(start) && start >= 0))
    throw bad(`not a position: ${start}`);
};
