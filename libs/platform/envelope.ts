import type { LedgerEvent, Moment } from '#kernel';

/** What is stored besides the event itself: the hash its command is recognised by. */
export interface Stamped extends LedgerEvent {
  readonly bodyHash: string;
}

/** What {@link parseEnvelope} needs of a recorded event; that of `#event-log` fits. */
export interface Recorded {
  readonly position: number;
  readonly envelope: string;
}

/**
 * The exact JSON text of an event, its members always in this order. All members but `data` are ids, dates
 * and hashes whose alphabets need no escaping; `actor` is checked to be an id before it gets here.
 */
export const writeEnvelope = (e: Omit<Stamped, 'position'>): string =>
  `{"id":"${e.id}","type":"${e.type}","stream":"${e.stream}","revision":${e.revision},` +
  `"effectiveOn":"${e.effectiveOn}","recordedAt":"${e.recordedAt}","actor":"${e.actor}",` +
  `"commandId":"${e.commandId}","correlationId":"${e.correlationId}","causationId":"${e.causationId}",` +
  `"bodyHash":"${e.bodyHash}","data":${JSON.stringify(e.data)}}`;

/** Reads a stored event. The position is the log's, which is not in the hashed text. */
export function parseEnvelope(recorded: Recorded): Stamped {
  const event = JSON.parse(recorded.envelope) as Stamped & { position: number };
  event.position = recorded.position;
  return event;
}

const RECORDED_AT = '"recordedAt":"';
/** Characters of a moment as `Date` writes it. */
const MOMENT_CHARS = 24;

/** When an event was recorded, without parsing the rest: its member stands before `data`. */
export const recordedAtOf = ({ envelope }: Recorded): Moment => {
  const at = envelope.indexOf(RECORDED_AT) + RECORDED_AT.length;
  return envelope.slice(at, at + MOMENT_CHARS);
};
