import { type Cursor, type EventLogReader, type Feed, type FeedEvent, isBefore } from '#event-log';

/** Where record number `index` lies: with gaps, two records a commit, beyond what a `number` holds exactly. */
export const cursorAt = (index: number): Cursor => ({
  commit: 2n ** 53n + BigInt(Math.floor(index / 2) * 1_000),
  prepare: 2n ** 53n + BigInt(index * 500 + 1),
});

/** An event of a feed with the envelope that belongs to its place. */
export const feedEvent = (index: number, stream: string, revision: number, text = ''): FeedEvent => {
  const id = `${index.toString(16).padStart(8, '0')}-0000-8000-8000-000000000000`;
  const type = 'book.noted.v1';
  const recordedAt = new Date(1_700_000_000_000 + index).toISOString();
  const envelope = JSON.stringify({ id, type, stream, revision, recordedAt, bodyHash: 'a'.repeat(64), text });
  return { id, type, stream, revision, envelope, cursor: cursorAt(index) };
};

/** A feed over a list that may grow. `repeatLast` begins each page with the event before it (a known fault). */
export const listFeed = (events: readonly FeedEvent[], { repeatLast = false } = {}): Feed => ({
  page: async (after, limit) => {
    const from = after === undefined ? 0 : events.findIndex(({ cursor }) => isBefore(after, cursor));
    const start = from < 0 ? events.length : from;
    const page = events.slice(repeatLast ? Math.max(0, start - 1) : start, start + limit);
    const end = Math.min(events.length, start + limit);
    return { events: page, next: events[end - 1]?.cursor ?? after, atHead: end === events.length };
  },
  wait: () => new Promise((resolve) => setImmediate(resolve)),
  stalledSeconds: () => 0,
  close: async () => undefined,
});

/** A feed over a log that tests append to: what KurrentDB's `$all` is to the sequencer. */
export const feedOfLog = (log: EventLogReader): Feed => ({
  page: async (after, limit) => {
    const from = after === undefined ? 0 : Number(after.prepare);
    const { events, next, atHead } = await log.readAll({ after: from, limit });
    return {
      events: events.map((event) => ({ ...event, cursor: cursorOf(event.position) })),
      next: next === 0 ? undefined : cursorOf(next),
      atHead,
    };
  },
  wait: () => new Promise((resolve) => setImmediate(resolve)),
  stalledSeconds: () => 0,
  close: async () => undefined,
});
const cursorOf = (position: number): Cursor => ({ commit: BigInt(position), prepare: BigInt(position) });
