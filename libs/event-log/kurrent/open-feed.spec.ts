import { KurrentDBClient, jsonEvent } from '@kurrent/kurrentdb-client';
import { afterEach, describe, expect, it } from 'vitest';
import { type KurrentDouble, openKurrentDouble } from '../../../tests/support/kurrent-double/index.ts';
import { openMemorySequence } from '../../../tests/support/memory-sequence.ts';
import { A, B, append, fill, refusal } from '../conformance/index.ts';
import {
  type Cursor,
  type Feed,
  type FeedEvent,
  type KurrentLog,
  isBefore,
  openKurrentFeed,
  openKurrentLog,
  openMemoryLog,
} from '../index.ts';

const CALL_MS = 1_500;
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const given = async (): Promise<{ double: KurrentDouble; log: KurrentLog; feed: Feed }> => {
  const double = await openKurrentDouble();
  ends.push(double.close);
  const connection = { connectionString: double.url, callMs: CALL_MS };
  const log = await openKurrentLog({ ...connection, sequence: openMemoryLog() });
  ends.push(log.close);
  const feed = await openKurrentFeed(connection);
  ends.push(feed.close);
  return { double, log, feed };
};

/** Appends to a new stream under commands that `fill` does not use. */
const more = async (log: KurrentLog, stream: string, count: number, series: number): Promise<void> => {
  for (let at = 0; at < count; at += 1)
    await log.append(append(series * 100 + at, [{ stream, expected: at === 0 ? 'no-stream' : at - 1 }]));
};

/** Every page up to the head. */
const readThrough = async (feed: Feed, limit: number, after?: Cursor) => {
  const events: FeedEvent[] = [];
  let next = after;
  for (let pages = 1; ; pages += 1) {
    const page = await feed.page(next, limit);
    events.push(...page.events);
    next = page.next;
    if (page.atHead) return { events, next, pages };
  }
};
const shown = (events: readonly FeedEvent[]): string[] =>
  events.map(({ stream, revision }) => `${stream}@${revision}`);

describe('the feed', () => {
  it.each([1, 2, 3, 7, 1_000])(
    'gives every event once, in order and byte for byte, in pages of %d',
    async (limit) => {
      const { double, log, feed } = await given();
      await fill(log, [A, B], 3);
      await log.append(
        append(1, [{ stream: 'pledge-1', expected: 'no-stream', count: 3, data: 'Quỹ “trẻ em”' }]),
      );
      const { events } = await readThrough(feed, limit);
      const stored = double.store.all().filter(({ stream }) => !/^(\$|command-)/u.test(stream));
      expect(events).toStrictEqual(
        stored.map(({ id, type, stream, revision, data, commit, prepare }) => ({
          id,
          type,
          stream,
          revision,
          envelope: Buffer.from(data).toString(),
          cursor: { commit, prepare },
        })),
      );
      expect(events.length).toBe(9);
      for (const [at, { cursor }] of events.entries())
        expect(at === 0 || isBefore(events[at - 1]?.cursor ?? cursor, cursor)).toBe(true);
    },
  );

  it('moves over what is not ours, and asks for nothing twice', async () => {
    const { log, feed } = await given();
    expect(await feed.page(undefined, 10)).toStrictEqual({ events: [], next: undefined, atHead: true });
    await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
    const { next, events } = await readThrough(feed, 1);
    expect(shown(events)).toStrictEqual([`${A}@0`]);
    // The last record is the marker of the command.
    expect(
      isBefore(events[0]?.cursor ?? { commit: 0n, prepare: 0n }, next ?? { commit: 0n, prepare: 0n }),
    ).toBe(true);
    expect(await feed.page(next, 10)).toStrictEqual({ events: [], next, atHead: true });
    await log.append(append(2, [{ stream: A, expected: 0 }]));
    expect(shown((await readThrough(feed, 10, next)).events)).toStrictEqual([`${A}@1`]);
  });

  it.each(['unavailable', 'not-leader', 'cut'] as const)('that meets “%s” loses nothing', async (fault) => {
    const { double, log, feed } = await given();
    await fill(log, [A], 4);
    double.order({ on: 'read', fault, times: 2 });
    expect(shown((await readThrough(feed, 100)).events)).toStrictEqual(
      [0, 1, 2, 3].map((at) => `${A}@${at}`),
    );
    expect(double.faultsDelivered()).toBe(2);
  });

  it('from a store that says nothing is unavailable in its time, and goes on from its cursor', async () => {
    const { double, log, feed } = await given();
    await fill(log, [A], 2);
    const { next } = await readThrough(feed, 100);
    await more(log, B, 2, 1);
    double.order({ on: 'read', fault: 'silent', times: 1_000 });
    expect(await refusal(feed.page(next, 10))).toStrictEqual({ code: 'ES_UNAVAILABLE', written: 'no' });
    double.forgetFaults();
    expect(shown((await readThrough(feed, 10, next)).events)).toStrictEqual([`${B}@0`, `${B}@1`]);
  });

  it('stops at an event that no ledger wrote', async () => {
    const { double, log, feed } = await given();
    await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
    const stranger = KurrentDBClient.connectionString(double.url);
    await stranger.appendToStream('book-x', [jsonEvent({ type: 'book.noted.v1', data: { foreign: true } })], {
      streamState: 'no_stream',
    });
    expect((await refusal(feed.page(undefined, 100))).code).toBe('ES_CORRUPT');
    await stranger.dispose();
  });

  it('is closed for good', async () => {
    const { feed } = await given();
    await feed.close();
    await feed.close();
    expect((await refusal(feed.page(undefined, 1))).code).toBe('ES_UNAVAILABLE');
    await feed.wait(new AbortController().signal);
  });
});

describe('a wait', () => {
  it('ends when its signal aborts', async () => {
    const { feed } = await given();
    await feed.wait(AbortSignal.abort());
    expect(feed.stalledSeconds()).toBeGreaterThanOrEqual(0);
  });

  it('hears of the store again after its subscription was dropped, and of silence', async () => {
    const { double, log, feed } = await given();
    const never = new AbortController().signal;
    await feed.wait(never);
    double.dropSubscriptions();
    double.order({ on: 'subscribe', fault: 'unavailable', times: 2 });
    while (double.faultsDelivered() < 2) await feed.wait(never);
    const heard = feed.stalledSeconds();
    // Nothing is read here: only the subscription that was made again can have heard anything.
    for (let at = 0; feed.stalledSeconds() >= heard; at += 1) {
      await log.append(append(100 + at, [{ stream: `book-n${at}-2023`, expected: 'no-stream' }]));
      await feed.wait(never);
    }
    await double.stop();
    while (feed.stalledSeconds() < 0.5) await feed.wait(never);
    expect(feed.stalledSeconds()).toBeGreaterThanOrEqual(0.5);
  });
});

describe('a sequencer on the feed', () => {
  it('places everything once, in order, while subscriptions drop, repeat and the server restarts', async () => {
    const { double, log } = await given();
    const connection = { connectionString: double.url, callMs: CALL_MS };
    const sequence = openMemorySequence(await openKurrentFeed(connection));
    ends.push(sequence.close);
    double.repeat(3);
    await fill(log, [A, B], 10);
    double.dropSubscriptions();
    await more(log, 'pledge-1', 10, 1);
    await double.restart();
    await more(log, 'pledge-2', 5, 2);
    double.dropSubscriptions();
    await sequence.settled();
    const { events } = await sequence.reader.readAll({ limit: 1_000 });
    expect(events.map(({ stream, revision }) => `${stream}@${revision}`)).toStrictEqual(
      double.store
        .all()
        .filter(({ stream }) => !/^(\$|command-)/u.test(stream))
        .map(({ stream, revision }) => `${stream}@${revision}`),
    );
    expect(events.map(({ position }) => position)).toStrictEqual(
      Array.from({ length: 35 }, (_, at) => at + 1),
    );
    expect(sequence.repeats()).toBe(0);
  });
});
