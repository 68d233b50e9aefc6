import type { Capabilities, EventFilter } from './event-log.ts';
import { APPEND_BYTES_MAX, EVENT_BYTES_MAX } from './limits.ts';

/** What both embedded adapters can do: everything. */
export const EMBEDDED_CAPABILITIES: Capabilities = {
  atomicMultiStream: true,
  checksOnUnwrittenStreams: true,
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
