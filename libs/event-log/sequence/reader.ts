import { type Database, isTransient } from '#postgres';
import { checkPage } from '../check-append.ts';
import { EventLogError } from '../event-log.ts';
import type { EventLogReader, Page, ReadAll, RecordedEvent } from '../event-log.ts';
import { FILTER_SCAN_MAX } from '../limits.ts';
import { follow } from '../subscription.ts';
import { createListener } from './listener.ts';
import { UUID } from './judge.ts';
import { channelOf } from './schema.ts';

/** A row as it comes: 64-bit numbers are `bigint`. */
export interface EventRow {
  readonly position: bigint;
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly type: string;
  readonly envelope: string;
}

export const EVENT_COLUMNS = 'position, event_id::text as id, stream, revision, type, envelope';

export const recorded = (row: EventRow): RecordedEvent => ({
  id: row.id,
  type: row.type,
  envelope: row.envelope,
  position: Number(row.position),
  stream: row.stream,
  revision: Number(row.revision),
});

/** A row of a page beside the head at the same moment; `position` is null when the page is empty. */
type PageRow = { readonly head: bigint } & (EventRow | { readonly position: null });

const KEPT = `($4::text[] is null or type = any($4))
  and ($5::text[] is null or exists (select from unnest($5::text[]) as prefix where starts_with(stream, prefix)))`;

/** One page and the head in one statement, so that they are of one moment. */
const pageOf = (inside: string, order: 'asc' | 'desc'): string =>
  `select head, page.* from (select coalesce(max(position), 0) as head from events) as h
   left join lateral (select ${EVENT_COLUMNS} from events where ${inside} and ${KEPT}
     order by position ${order} limit $3) as page on true
   order by position ${order}`;

const FORWARDS = pageOf('position > $1 and position <= least(head, $2)', 'asc');
const BACKWARDS = pageOf(
  'position < coalesce($1, head + 1) and position >= coalesce($1, head + 1) - $2',
  'desc',
);

/**
 * The sequence as the log that everything right of the sequencer reads. Its positions are those of the
 * sequencer; what KurrentDB has and the sequencer has not placed yet is not seen here. Reads reject with
 * `ES_UNAVAILABLE` where the database may come back, and after `close`, which leaves the database open.
 */
export const openSequenceReader = (database: Database): EventLogReader => {
  const listener = createListener(database, channelOf(database));
  const closing = new AbortController();

  const query = async <Row>(text: string, values: Parameters<Database['query']>[1] = []): Promise<Row[]> => {
    if (closing.signal.aborted) throw new EventLogError('ES_UNAVAILABLE', 'the log is closed');
    return database.query<Row>(text, values).catch((cause: unknown) => {
      if (!isTransient(cause)) throw cause;
      throw new EventLogError('ES_UNAVAILABLE', 'the sequence does not answer', 'no', { cause });
    });
  };

  const readAll = async (options: ReadAll): Promise<Page> => {
    checkPage(options);
    const { after, limit, filter, direction = 'forwards' } = options;
    const forwards = direction === 'forwards';
    const lists = [filter?.types ?? null, filter?.streamPrefixes ?? null];
    const start = after ?? 0;
    const rows = forwards
      ? await query<PageRow>(FORWARDS, [start, start + FILTER_SCAN_MAX, limit, ...lists])
      : await query<PageRow>(BACKWARDS, [after ?? null, FILTER_SCAN_MAX, limit, ...lists]);
    const head = Number(rows[0]?.head ?? 0);
    const events = rows.flatMap((row) => (row.position === null ? [] : [recorded(row)]));
    const last = events.length === limit ? events.at(-1)?.position : undefined;
    if (forwards) {
      const next = last ?? Math.max(start, Math.min(head, start + FILTER_SCAN_MAX));
      return { events, next, atHead: next >= head };
    }
    const from = after ?? head + 1;
    const next = last ?? Math.max(Math.min(from, 1), from - FILTER_SCAN_MAX);
    return { events, next, atHead: next <= 1 };
  };

  return {
    readAll,
    readStream: async (stream, options) => {
      checkPage(options);
      const { from, limit, direction = 'forwards' } = options;
      const rows = await query<EventRow>(
        direction === 'forwards'
          ? `select ${EVENT_COLUMNS} from events where stream = $1 and revision >= $2 order by revision limit $3`
          : `select ${EVENT_COLUMNS} from events where stream = $1 and ($2::bigint is null or revision <= $2)
             order by revision desc limit $3`,
        [stream, from ?? (direction === 'forwards' ? 0 : null), limit],
      );
      return rows.map(recorded);
    },
    find: async (eventId) => {
      if (!UUID.test(eventId.toLowerCase())) return undefined;
      const [row] = await query<EventRow>(`select ${EVENT_COLUMNS} from events where event_id = $1`, [
        eventId,
      ]);
      return row && recorded(row);
    },
    head: async () => {
      const [row] = await query<{ head: bigint }>('select coalesce(max(position), 0) as head from events');
      return Number(row?.head ?? 0);
    },
    subscribe: (options) =>
      follow(readAll, listener.wait, {
        ...options,
        signal: AbortSignal.any([options.signal, closing.signal]),
      }),
    close: async () => {
      if (closing.signal.aborted) return;
      closing.abort();
      await listener.close();
    },
  };
};
