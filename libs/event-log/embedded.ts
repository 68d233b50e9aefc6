import { eventId } from './event-id.ts';
import type { Capabilities, EventFilter, RecordedEvent } from './event-log.ts';
import { APPEND_BYTES_MAX, APPEND_EVENTS_MAX, EVENT_BYTES_MAX } from './limits.ts';

/** What both embedded adapters can do: everything. */
export const EMBEDDED_CAPABILITIES: Capabilities = {
  atomicMultiStream: true,
  checksOnUnwrittenStreams: true,
  positionsAtAppend: true,
  dedupe: 'by-event-id',
  maxAppendBytes: APPEND_BYTES_MAX,
  maxEventBytes: EVENT_BYTES_MAX,
};

/** True when the filter keeps the event. */
export const keeps = (filter: EventFilter | undefined, stream: string, type: string): boolean =>
  filter === undefined ||
  ((filter.types === undefined || filter.types.includes(type)) &&
    (filter.streamPrefixes === undefined ||
      filter.streamPrefixes.some((prefix) => stream.startsWith(prefix))));

/** The events of a command, found one after another by their ids. */
export const eventsOf = async (
  command: string,
  find: (id: string) => Promise<RecordedEvent | undefined>,
): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  while (events.length < APPEND_EVENTS_MAX) {
    const event = await find(eventId(command, events.length));
    if (event === undefined) break;
    events.push(event);
  }
  return events;
};
