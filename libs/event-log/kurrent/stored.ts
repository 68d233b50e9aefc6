import { eventId } from '../event-id.ts';
import { EventLogError, type EventLogReader, type ReadStream, type RecordedEvent } from '../event-log.ts';
import type { Connection, RawRecord, StreamRange } from './connection.ts';
import { TAIL_MAX, TAIL_PAGE } from './limits.ts';
import { type Marker, isMarkerStream, markerStream, readMarker } from './marker.ts';

const TEXT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** True for what the store itself and this adapter add to `$all`. */
export const isNotOurs = ({ stream, type }: Pick<RawRecord, 'stream' | 'type'>): boolean =>
  stream.startsWith('$') || type.startsWith('$') || isMarkerStream(stream);

/** The exact text of a record. Throws `ES_CORRUPT` where it is not one that a ledger wrote, or was redacted. */
export const envelopeOf = ({ bytes, stream, revision }: RawRecord): string => {
  const corrupt = (cause?: unknown): EventLogError =>
    new EventLogError('ES_CORRUPT', `${stream}@${revision} does not hold the bytes of an event`, 'no', {
      cause,
    });
  if (bytes === undefined || bytes.length === 0) throw corrupt();
  try {
    return TEXT.decode(bytes);
  } catch (cause) {
    throw corrupt(cause);
  }
};

const recordedOf = (record: RawRecord): RecordedEvent => ({
  id: record.id,
  type: record.type,
  envelope: envelopeOf(record),
  // The sequence gives it, when it has come that far.
  position: 0,
  stream: record.stream,
  revision: record.revision,
});

/** Strong reads of KurrentDB, with the positions that the sequence has given so far. */
export const readerOf = (connection: Connection, sequence: EventLogReader) => {
  const readRaw = async (
    stream: string,
    range: StreamRange,
    deadline?: number,
  ): Promise<readonly RawRecord[]> => (await connection.readStream(stream, range, deadline)) ?? [];

  /** Events of one stream, which are contiguous, with their positions. */
  const placed = async (events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> => {
    const [first] = events;
    if (first === undefined) return events;
    const from = Math.min(first.revision, events.at(-1)?.revision ?? 0);
    const known = await sequence.readStream(first.stream, { from, limit: events.length });
    const positions = new Map(known.map(({ revision, position }) => [revision, position]));
    return events.map((event) => ({ ...event, position: positions.get(event.revision) ?? 0 }));
  };

  const readStream = async (stream: string, range: ReadStream): Promise<readonly RecordedEvent[]> => {
    const { from, limit, direction = 'forwards' } = range;
    const backwards = direction === 'backwards';
    const begin = from === undefined ? (backwards ? 'end' : 'start') : BigInt(from);
    return placed((await readRaw(stream, { from: begin, limit, backwards })).map(recordedOf));
  };

  const marker = async (command: string, deadline?: number): Promise<Marker | undefined> => {
    const [found] = await readRaw(markerStream(command), { from: 'start', limit: 1 }, deadline);
    return found && readMarker(found);
  };

  /** The events that a marker names, in the order of their index. Throws `ES_CORRUPT` when one is not there. */
  const eventsOf = async (command: string, { streams }: Marker): Promise<readonly RecordedEvent[]> => {
    const read = await Promise.all(
      streams.map(({ stream, from, count }) => readStream(stream, { from, limit: count })),
    );
    const byId = new Map(read.flat().map((event) => [event.id, event]));
    const count = streams.reduce((sum, stand) => sum + stand.count, 0);
    return Array.from({ length: count }, (_, index) => {
      const event = byId.get(eventId(command, index));
      if (event === undefined)
        throw new EventLogError(
          'ES_CORRUPT',
          `event ${index} of command ${command} is not where it was written`,
        );
      return event;
    });
  };

  /**
   * Looks for an event at the end of `$all`, back to where the sequence has come; then in the sequence again,
   * which may have placed it meanwhile. `ES_UNAVAILABLE` when the sequencer is more than `TAIL_MAX` records behind.
   */
  const findUnplaced = async (id: string): Promise<RecordedEvent | undefined> => {
    let from: Parameters<Connection['readAll']>[0]['from'] = 'end';
    for (let looked = 0; looked < TAIL_MAX; looked += TAIL_PAGE) {
      const page = await connection.readAll({ from, limit: TAIL_PAGE, backwards: true });
      const found = page.find((record) => record.id === id && !isNotOurs(record));
      if (found !== undefined) return recordedOf(found);
      const oldest = page.findLast((record) => !isNotOurs(record));
      const last = page.at(-1);
      if (last === undefined || page.length < TAIL_PAGE) return sequence.find(id);
      if (oldest !== undefined && (await sequence.find(oldest.id)) !== undefined) return sequence.find(id);
      from = { commit: last.commit, prepare: last.prepare };
    }
    throw new EventLogError('ES_UNAVAILABLE', `the sequencer is more than ${TAIL_MAX} records behind`);
  };

  return { readRaw, readStream, marker, eventsOf, findUnplaced };
};
