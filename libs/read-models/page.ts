import type { RecordedEvent } from '#event-log';
import type { LedgerEvent } from '#kernel';
import { parseEnvelope } from '#platform';
import type { EventPage, Projection } from './projection.ts';

/** Parses the events that any of the projections reads. */
export function parsePage(
  records: readonly RecordedEvent[],
  projections: readonly Projection[],
  partitionOf: EventPage['partitionOf'],
): EventPage {
  const wanted = new Set(projections.flatMap(({ types }) => types));
  const events: LedgerEvent[] = [];
  for (const record of records) if (wanted.has(record.type)) events.push(parseEnvelope(record));
  return { events, partitionOf, derived: new Map() };
}
