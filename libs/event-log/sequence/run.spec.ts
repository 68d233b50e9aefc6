import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase, prepareRoles, takeRole } from '#postgres';
import { type PostgresServer, startPostgres } from '../../../tests/support/parts/index.ts';
import { feedEvent, listFeed } from '../../../tests/support/sequence.ts';
import { EventLogError } from '../event-log.ts';
import type { Feed, FeedEvent } from '../kurrent/feed.ts';
import { openSequenceReader } from './reader.ts';
import { type RunSequencer, type RunningSequencer, SEQUENCER_ROLE, runSequencer } from './run.ts';

let server: PostgresServer;
let database: Database;
let schemas = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const running: RunningSequencer[] = [];
beforeEach(async () => {
  schemas += 1;
  database = openDatabase({ url: server.url, schema: `run_${schemas}` });
  await prepareRoles(database);
  return async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await database.close();
  };
});

const LEASE_MS = 400;
const start = (feed: Feed, options: Partial<RunSequencer> = {}): RunningSequencer => {
  const one = runSequencer({ feed, database, holder: 'a', leaseMs: LEASE_MS, ...options });
  running.push(one);
  return one;
};
const A = 'book-a-2024';
const growing = (count: number): FeedEvent[] =>
  Array.from({ length: count }, (_, at) => feedEvent(at, A, at));

const LOOKS_MAX = 2_000;
/** Waits for what has to come; how long it takes decides nothing. */
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it never came');
};
const head = async (): Promise<number> => {
  const reader = openSequenceReader(database);
  try {
    return await reader.head();
  } finally {
    await reader.close();
  }
};

describe('a running sequencer', () => {
  it('places what comes, says so, and frees the part when it is stopped', async () => {
    const events = growing(3);
    const one = start(listFeed(events));
    await until(() => one.status().position === 3);
    events.push(feedEvent(3, A, 3));
    await until(() => one.status().position === 4);
    expect(one.status()).toStrictEqual({
      held: true,
      position: 4,
      lagSeconds: 0,
      stalledSeconds: 0,
      faults: 0,
    });
    await one.stop();
    await one.ended;
    expect(one.status().held).toBe(false);
    expect((await takeRole(database, { name: SEQUENCER_ROLE, holder: 'b', leaseMs: 1_000 }))?.holder).toBe(
      'b',
    );
  });

  it('outlives faults of feed and database that may pass', async () => {
    const events = growing(4);
    const inner = listFeed(events);
    let failures = 3;
    const heard: unknown[] = [];
    const feed: Feed = {
      ...inner,
      page: async (after, limit) => {
        if (after !== undefined && failures > 0) {
          failures -= 1;
          throw new EventLogError('ES_UNAVAILABLE', 'the store is away');
        }
        return inner.page(after, limit);
      },
    };
    const one = start(feed, { pageRecords: 2, onFault: (fault) => heard.push(fault) });
    await until(() => one.status().position === 4);
    expect(heard).toHaveLength(3);
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and usename = current_user`,
    );
    events.push(feedEvent(4, A, 4));
    await until(() => one.status().position === 5);
  });

  it('ends with what only a person can mend, and frees the part', async () => {
    const one = start(listFeed([feedEvent(0, A, 0), feedEvent(1, A, 2)]));
    await expect(one.ended).rejects.toMatchObject({ code: 'SEQUENCE_REVISION_GAP' });
    expect(await head()).toBe(1);
    expect((await takeRole(database, { name: SEQUENCER_ROLE, holder: 'b', leaseMs: 1_000 }))?.holder).toBe(
      'b',
    );
  });
});

describe('two running sequencers', () => {
  it('are one at a time, and the second takes over when the first is gone', async () => {
    const events = growing(2);
    const first = start(listFeed(events));
    await until(() => first.status().position === 2);
    const second = start(listFeed(events), { holder: 'b' });
    await first.stop();
    events.push(feedEvent(2, A, 2));
    await until(() => second.status().held && second.status().position === 3);
    expect(await head()).toBe(3);
  });

  it('one that stops answering loses the part, and takes nothing back by waking', async () => {
    const events = growing(2);
    const wake = Promise.withResolvers<void>();
    const asleep = Promise.withResolvers<void>();
    // What a stopped process does: nothing, its lease included.
    const inner = listFeed(events);
    const stopped: Database = {
      ...database,
      query: async (text, values) => {
        if (events.length > 2) await wake.promise;
        return database.query(text, values);
      },
    };
    const first = start(
      {
        ...inner,
        page: async (after, limit) => {
          const page = await inner.page(after, limit);
          if (events.length > 2) {
            asleep.resolve();
            await wake.promise;
          }
          return page;
        },
      },
      { database: stopped },
    );
    await until(() => first.status().position === 2);
    const second = start(inner, { holder: 'b' });
    events.push(feedEvent(2, A, 2));
    await asleep.promise;
    await until(() => second.status().held && second.status().position === 3);
    wake.resolve();
    await until(() => !first.status().held);
    events.push(feedEvent(3, A, 3));
    await until(() => second.status().position === 4);
    expect(await head()).toBe(4);
  });
});
