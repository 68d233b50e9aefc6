import type { RecordedEvent } from '#event-log';
import { hashHex, leafHash } from '#transparency';
import { BusError, type BusMessage, type OutgoingMessage } from './bus.ts';

/** The topic of all events. */
export const EVENTS_TOPIC = 'ledger.events.v1';
/** Type of the message that says how far a partition is complete. */
export const HEARTBEAT_TYPE = 'ledger.heartbeat.v1';

/** CloudEvents, binary mode, as its Kafka binding writes them; those of CloudEvents itself, then our extensions. */
export const HEADERS = {
  specversion: 'ce_specversion',
  id: 'ce_id',
  source: 'ce_source',
  type: 'ce_type',
  subject: 'ce_subject',
  time: 'ce_time',
  contentType: 'content-type',
  position: 'ce_position',
  previous: 'ce_previous',
  revision: 'ce_revision',
  leafHash: 'ce_leafhash',
} as const;

const SPECVERSION = '1.0';
const CONTENT_TYPE = 'application/json';

/** What every message of a partition says of its place. */
interface Placed {
  /** Of an event its own; of a heartbeat: every event up to here was handed over before this message. */
  readonly position: number;
  /**
   * Position of the event before this message in its partition, 0 when there is none. A reader that stands
   * elsewhere has missed or already had something; the same message always names the same one.
   */
  readonly previous: number;
}

/** An event out of a partition: what the log recorded, with its leaf hash in hex. */
export interface EventMessage extends RecordedEvent, Placed {
  readonly kind: 'event';
  readonly leafHash: string;
}

/** The partition holds every event of its streams up to `position`, which may be none since `previous`. */
export interface HeartbeatMessage extends Placed {
  readonly kind: 'heartbeat';
}

export type LedgerMessage = EventMessage | HeartbeatMessage;

/** Where a message goes, and what it names as the event before it. */
export interface Place {
  /** URI reference of the log: `/ledger` unless several ledgers share a bus. */
  readonly source: string;
  readonly partition: number;
  readonly previous: number;
}

/** The envelope's members stand in a fixed order, the moment among the first, before anything of a person's making. */
const RECORDED_AT = /"recordedAt":"([^"\\]+)"/;

/** When the ledger learned of an event, out of its envelope; undefined in one that does not say. */
export const recordedAtOf = (envelope: string): string | undefined => RECORDED_AT.exec(envelope)?.[1];

/** The message of an event. Its value is the exact envelope; the same event and place make the same message. */
export const encodeEvent = (
  event: RecordedEvent,
  { source, partition, previous }: Place,
): OutgoingMessage => {
  const time = recordedAtOf(event.envelope);
  return {
    partition,
    key: event.stream,
    headers: {
      ce_specversion: SPECVERSION,
      ce_id: event.id,
      ce_source: source,
      ce_type: event.type,
      ce_subject: event.stream,
      ...(time !== undefined && { ce_time: time }),
      'content-type': CONTENT_TYPE,
      ce_position: String(event.position),
      ce_previous: String(previous),
      ce_revision: String(event.revision),
      ce_leafhash: hashHex(leafHash(event.envelope)),
    },
    value: event.envelope,
  };
};

/** The message that says: every event up to `position` was handed over before this. Without a key and a value. */
export const encodeHeartbeat = (
  position: number,
  { source, partition, previous }: Place,
): OutgoingMessage => ({
  partition,
  key: null,
  headers: {
    ce_specversion: SPECVERSION,
    ce_id: `heartbeat-${partition}-${position}`,
    ce_source: source,
    ce_type: HEARTBEAT_TYPE,
    ce_position: String(position),
    ce_previous: String(previous),
  },
  value: null,
});

const WHOLE = /^(0|[1-9]\d{0,15})$/;

const textOf = (message: BusMessage, name: string): string => {
  const text = message.headers[name];
  if (text === undefined)
    throw new BusError('BUS_BAD_REQUEST', `the message at offset ${message.offset} has no ${name}`);
  return text;
};

const wholeOf = (message: BusMessage, name: string): number => {
  const text = textOf(message, name);
  if (!WHOLE.test(text))
    throw new BusError('BUS_BAD_REQUEST', `${name} of the message at offset ${message.offset} is no number`);
  return Number(text);
};

/**
 * Reads a message of the topic. Throws `BUS_BAD_REQUEST` for one that no relay wrote: a consumer stops there, since
 * it can not know what it would skip. The leaf hash is as the message says; `leafHash(envelope)` checks it.
 */
export const decodeMessage = (message: BusMessage): LedgerMessage => {
  const type = textOf(message, HEADERS.type);
  const placed = {
    position: wholeOf(message, HEADERS.position),
    previous: wholeOf(message, HEADERS.previous),
  };
  if (type === HEARTBEAT_TYPE) return { kind: 'heartbeat', ...placed };
  if (message.value === null)
    throw new BusError('BUS_BAD_REQUEST', `the message at offset ${message.offset} has no envelope`);
  return {
    kind: 'event',
    id: textOf(message, HEADERS.id),
    type,
    stream: textOf(message, HEADERS.subject),
    revision: wholeOf(message, HEADERS.revision),
    envelope: message.value,
    leafHash: textOf(message, HEADERS.leafHash),
    ...placed,
  };
};
