import type { StatementSync } from 'node:sqlite';
import { checkPage } from '../check-append.ts';
import { keeps } from '../embedded.ts';
import type { Page, ReadAll, ReadStream, RecordedEvent } from '../event-log.ts';
import { FILTER_SCAN_MAX } from '../limits.ts';
import { openForReading } from './schema.ts';

/** Stream names kept in memory. */
const NAMES_CACHED_MAX = 100_000;

/** The synchronous reads of a log: each sees one moment of it. */
export interface SqliteReader {
  /** Up to `limit` events after a position: the fast way for projections and replay. */
  readPage(after: number, limit: number): RecordedEvent[];
  readAll(options: ReadAll): Page;
  readStream(stream: string, options: ReadStream): RecordedEvent[];
  find(eventId: string): RecordedEvent | undefined;
  head(): number;
  close(): void;
}

type Row = readonly [position: number, streamId: number, revision: number, type: string, envelope: string];

const COLUMNS = 'select position, stream_id, revision, type, envelope from events';

/** Opens the log of a data folder for reading. Throws `ES_UNAVAILABLE` when there is none, `ES_CORRUPT`. */
export const openReader = (folder: string): SqliteReader => {
  const db = openForReading(folder);
  const rows = (sql: string): StatementSync => {
    const statement = db.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  };
  const sql = {
    forwards: rows(`${COLUMNS} where position > ? order by position limit ?`),
    backwards: rows(`${COLUMNS} where position < ? order by position desc limit ?`),
    stream: rows(`${COLUMNS} where stream_id = ? and revision >= ? order by revision limit ?`),
    streamBack: rows(`${COLUMNS} where stream_id = ? and revision <= ? order by revision desc limit ?`),
    event: rows(`${COLUMNS} where event_id = ?`),
    head: db.prepare('select coalesce(max(position), 0) as head from events'),
    id: db.prepare('select lower(hex(event_id)) as id from events where position = ?'),
    name: db.prepare('select name from streams where stream_id = ?'),
    streamId: db.prepare('select stream_id as id from streams where name = ?'),
  };

  const names = new Map<number, string>();
  const nameOf = (streamId: number): string => {
    const cached = names.get(streamId);
    if (cached !== undefined) return cached;
    if (names.size >= NAMES_CACHED_MAX) names.clear();
    const name = String(sql.name.get(streamId)?.['name']);
    names.set(streamId, name);
    return name;
  };

  const idOf = (position: number, envelope: string): string => {
    // An append's envelope names its id, usually first; reading it there spares a blob for every row.
    if (envelope.startsWith('{"id":"') && envelope.startsWith('",', 43)) return envelope.slice(7, 43);
    return String(sql.id.get(position)?.['id']).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };

  const recorded = ([position, streamId, revision, type, envelope]: Row): RecordedEvent => ({
    id: idOf(position, envelope),
    type,
    envelope,
    position,
    stream: nameOf(streamId),
    revision,
  });
  // `setReturnArrays` makes rows arrays, which the types of node:sqlite do not know.
  const all = (statement: StatementSync, ...values: number[]): RecordedEvent[] =>
    (statement.all(...values) as unknown as Row[]).map(recorded);

  const idBytes = Buffer.alloc(16);
  const find = (eventId: string): RecordedEvent | undefined => {
    if (idBytes.write(eventId.replaceAll('-', ''), 'hex') < idBytes.length) return undefined;
    const row = sql.event.get(idBytes) as unknown as Row | undefined;
    return row && recorded(row);
  };

  const head = (): number => Number(sql.head.get()?.['head']);

  const readAll = (options: ReadAll): Page => {
    checkPage(options);
    const { limit, filter, direction = 'forwards' } = options;
    const forwards = direction === 'forwards';
    const statement = forwards ? sql.forwards : sql.backwards;
    const beyond = (position: number): boolean => (forwards ? head() > position : position > 1);
    let next = options.after ?? (forwards ? 0 : head() + 1);
    const events: RecordedEvent[] = [];
    for (let looked = 0; looked < FILTER_SCAN_MAX;) {
      const rowsRead = all(statement, next, limit);
      looked += rowsRead.length;
      for (const event of rowsRead) {
        next = event.position;
        if (keeps(filter, event.stream, event.type)) events.push(event);
        if (events.length === limit) return { events, next, atHead: !beyond(next) };
      }
      if (rowsRead.length < limit) return { events, next, atHead: true };
    }
    return { events, next, atHead: !beyond(next) };
  };

  return {
    readPage: (after, limit) => all(sql.forwards, after, limit),
    readAll,
    readStream: (stream, options) => {
      checkPage(options);
      const { from, limit, direction = 'forwards' } = options;
      const streamId = sql.streamId.get(stream)?.['id'];
      if (streamId === undefined) return [];
      return direction === 'forwards'
        ? all(sql.stream, Number(streamId), from ?? 0, limit)
        : all(sql.streamBack, Number(streamId), from ?? Number.MAX_SAFE_INTEGER, limit);
    },
    find,
    head,
    close: () => db.close(),
  };
};
