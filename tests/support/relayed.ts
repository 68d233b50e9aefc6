import { type EventLog, type RecordedEvent, eventId } from '#event-log';
import type { LedgerMessage } from '#messaging';

const HASH = 'a'.repeat(64);
const PAGE = 1_000;

/** Appends so many events, one a command, over so many books and a stream of its own each tenth; numbered from `from`. */
export async function fillLog(
  log: Pick<EventLog, 'append'>,
  count: number,
  funds: number,
  from = 0,
): Promise<void> {
  const revisions = new Map<string, number>();
  const streamOf = (at: number): string =>
    at % 10 === 9 ? `donor-d${at}` : `book-f${(at * 7) % funds}-2023`;
  for (let at = 0; at < from; at += 1) revisions.set(streamOf(at), (revisions.get(streamOf(at)) ?? -1) + 1);
  for (let at = from; at < from + count; at += 1) {
    const stream = streamOf(at);
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    const command = `018f0000-0000-7000-8000-${at.toString(16).padStart(12, '0')}`;
    const id = eventId(command, 0);
    const type = 'book.noted.v1';
    const envelope = JSON.stringify({
      id,
      type,
      stream,
      revision,
      effectiveOn: '2023-05-06',
      recordedAt: new Date(Date.UTC(2023, 4, 6) + at).toISOString(),
      bodyHash: HASH,
      data: { note: `Quỹ 🌿 ${at}` },
    });
    const expected = revision === 0 ? ('no-stream' as const) : revision - 1;
    await log.append({
      command,
      requestHash: HASH,
      writes: [{ stream, expected, events: [{ id, type, envelope }] }],
    });
  }
}

/** Everything in the log. */
export async function logged(log: Pick<EventLog, 'readAll'>): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (;;) {
    const page = await log.readAll({ after: events.length, limit: PAGE });
    events.push(...page.events);
    if (page.atHead) return events;
  }
}

/** What a reader of one partition has seen. */
export type Arrival = Pick<RecordedEvent, 'id' | 'position' | 'envelope'>;

/**
 * The events of a partition as a reader that leaves out what it already has takes them in. Throws where a message
 * names another event before it than the reader has, or a heartbeat promises what is not there.
 */
export function firstArrivals(messages: readonly LedgerMessage[]): Arrival[] {
  const arrivals: Arrival[] = [];
  let promised = 0;
  for (const message of messages) {
    const last = arrivals.at(-1)?.position ?? 0;
    if (message.kind === 'event' && message.position <= last) continue;
    if (message.previous > last)
      throw new Error(`${message.kind} ${message.position} comes after ${message.previous}, not ${last}`);
    if (message.kind === 'heartbeat') {
      promised = Math.max(promised, message.position);
      continue;
    }
    const { id, position, envelope } = message;
    if (position <= promised) throw new Error(`event ${position} comes after the promise of ${promised}`);
    arrivals.push({ id, position, envelope });
  }
  return arrivals;
}
