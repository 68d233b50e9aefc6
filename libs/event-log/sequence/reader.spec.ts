import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase, prepareRoles, takeRole } from '#postgres';
import { feedEvent, feedOfLog, listFeed } from '../../../tests/support/sequence.ts';
import { type PostgresServer, startPostgres } from '../../../tests/support/parts/index.ts';
import { BROKEN_TWINS, CONFORMANCE_CASES, type Group, type Subject } from '../conformance/index.ts';
import { type EventLog, type EventLogReader, openMemoryLog } from '../index.ts';
import { FILTER_SCAN_MAX } from '../limits.ts';
import { openSequenceReader } from './reader.ts';
import { prepareSequence } from './schema.ts';
import { createSequencer } from './sequencer.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

let schemas = 0;
const freshDatabase = async (): Promise<Database> => {
  schemas += 1;
  const database = openDatabase({ url: server.url, schema: `reader_${schemas}` });
  await prepareRoles(database);
  await prepareSequence(database);
  return database;
};
const sequencerRole = async (database: Database) => {
  const role = await takeRole(database, { name: 'sequencer', holder: 'spec', leaseMs: 60_000 });
  if (role === undefined) throw new Error('somebody sequences');
  return role;
};

/** Appends go to memory, whence the sequencer places them before they are answered; reads come from PostgreSQL. */
const sequenced = async (): Promise<Subject> => {
  const database = await freshDatabase();
  const store = openMemoryLog();
  const sequencer = createSequencer({
    feed: feedOfLog(store),
    database,
    role: await sequencerRole(database),
  });
  let turn: Promise<unknown> = Promise.resolve();
  /** Resolves when all that was appended so far is placed. */
  const settled = async (): Promise<void> => {
    for (let seen: unknown; seen !== turn;) {
      seen = turn;
      await turn;
    }
  };
  const placeAfter = async (before: Promise<unknown>): Promise<void> => {
    await before;
    for (let more = true; more;) more = !(await sequencer.step()).atHead;
  };
  const place = (): Promise<unknown> => (turn = placeAfter(turn));
  const open = (): EventLog => {
    const reader = openSequenceReader(database);
    let closed = false;
    return {
      ...reader,
      capabilities: store.capabilities,
      findCommand: store.findCommand,
      append: async (append) => {
        const answer = store.append(append);
        if (!closed) await answer.then(place);
        return answer;
      },
      close: async () => {
        closed = true;
        await settled();
        await reader.close();
        await store.close();
      },
    };
  };
  let current = open();
  return {
    log: current,
    settled,
    reopen: async () => {
      current = open();
      return current;
    },
    dispose: async () => {
      await current.close();
      await database.close();
    },
  };
};

const READING: readonly Group[] = ['global order', 'filters', 'subscribe', 'bytes', 'limits and end'];

describe('the sequence as a log to read', () => {
  it.each(
    CONFORMANCE_CASES.filter(({ group }) => READING.includes(group)).map(
      (one) => [`${one.group}: ${one.title}`, one] as const,
    ),
  )('%s', async (_, one) => {
    const subject = await sequenced();
    try {
      expect(one.skip?.(subject.log.capabilities, subject)).toBe(undefined);
      await one.run(subject);
    } finally {
      await subject.dispose();
    }
  });

  it('is asked everything that has a broken twin about reading', () => {
    const asked = new Set(
      CONFORMANCE_CASES.filter(({ group }) => READING.includes(group)).map((c) => c.title),
    );
    const twins = BROKEN_TWINS.map(({ caughtBy }) => caughtBy).filter((title) => asked.has(title));
    expect(twins.length).toBeGreaterThan(READING.length);
  });
});

describe('a sequence longer than one filtered read looks at', () => {
  let database: Database;
  let reader: EventLogReader;
  const LENGTH = FILTER_SCAN_MAX + 500;

  beforeAll(async () => {
    database = await freshDatabase();
    let revision = 0;
    const events = Array.from({ length: LENGTH }, (_, at) =>
      at === 3 || at === LENGTH - 2
        ? feedEvent(at, `pledge-${at}`, 0)
        : feedEvent(at, 'book-a-2024', revision++),
    );
    const sequencer = createSequencer({
      feed: listFeed(events),
      database,
      role: await sequencerRole(database),
      pageRecords: 5_000,
    });
    for (let more = true; more;) more = !(await sequencer.step()).atHead;
    reader = openSequenceReader(database);
  }, 120_000);
  afterAll(async () => {
    await reader.close();
    await database.close();
  });

  it('answers a filter in several pages, both ways, and names each match once', async () => {
    const filter = { streamPrefixes: ['pledge-'] };
    const walk = async (direction: 'forwards' | 'backwards') => {
      const pages: number[][] = [];
      for (let page = await reader.readAll({ limit: 10, filter, direction }); ;) {
        pages.push(page.events.map(({ position }) => position));
        if (page.atHead) return pages;
        page = await reader.readAll({ after: page.next, limit: 10, filter, direction });
      }
    };
    expect(await walk('forwards')).toStrictEqual([[4], [LENGTH - 1]]);
    expect(await walk('backwards')).toStrictEqual([[LENGTH - 1], [4]]);
  });

  it('gives a stream from its end', async () => {
    const last = await reader.readStream('book-a-2024', { limit: 2, direction: 'backwards' });
    expect(last.map(({ position }) => position)).toStrictEqual([LENGTH, LENGTH - 2]);
  });

  it('finds nothing under what is no id', async () => {
    expect(await reader.find('not an id')).toBe(undefined);
  });

  it('asked beyond its end, stays where it was asked', async () => {
    expect(await reader.readAll({ after: LENGTH + 7, limit: 5 })).toStrictEqual({
      events: [],
      next: LENGTH + 7,
      atHead: true,
    });
  });
});

describe('a reader whose database goes away', () => {
  it('or has no sequence yet, says that the log is unavailable', async () => {
    const database = openDatabase({ url: server.url, schema: 'reader_nothing' });
    const reader = openSequenceReader(database);
    await expect(reader.readAll({ limit: 1 })).rejects.toMatchObject({ code: 'ES_UNAVAILABLE' });
    await reader.close();
    await database.close();
  });

  it('says that the log is unavailable', async () => {
    const database = openDatabase({ url: 'postgres://lalanh@127.0.0.1:1/postgres' });
    const reader = openSequenceReader(database);
    await expect(reader.head()).rejects.toMatchObject({ code: 'ES_UNAVAILABLE' });
    await reader.close();
    await database.close();
  });

  it('is woken again after the connection it listened on broke', async () => {
    const database = await freshDatabase();
    const reader = openSequenceReader(database);
    const role = await sequencerRole(database);
    const events = [feedEvent(0, 'book-a-2024', 0)];
    const sequencer = createSequencer({ feed: listFeed(events), database, role });
    const stop = new AbortController();
    const seen: number[] = [];
    for await (const item of reader.subscribe({ signal: stop.signal })) {
      if (item.kind === 'caught-up') {
        await database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and pid <> pg_backend_pid()`,
        );
        await sequencer.step();
      }
      if (item.kind !== 'event') continue;
      seen.push(item.event.position);
      if (seen.length === 2) stop.abort();
      else {
        events.push(feedEvent(1, 'book-a-2024', 1));
        await sequencer.step();
      }
    }
    expect(seen).toStrictEqual([1, 2]);
    await reader.close();
    await database.close();
  });
});
