import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Database,
  type Queryable,
  type Role,
  RoleLostError,
  openDatabase,
  prepareRoles,
  takeRole,
} from '#postgres';
import { Frontier, hashHex, leafHash } from '#transparency';
import { cursorAt, feedEvent, listFeed } from '../../../tests/support/sequence.ts';
import { type PostgresServer, startPostgres } from '../../../tests/support/parts/index.ts';
import type { FeedEvent } from '../kurrent/feed.ts';
import { readHead } from './head.ts';
import { openSequenceReader } from './reader.ts';
import { prepareSequence } from './schema.ts';
import { type Sequencer, createSequencer } from './sequencer.ts';

let server: PostgresServer;
let database: Database;
let schemas = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  database = await freshDatabase();
  return () => database.close();
});

const freshDatabase = async (): Promise<Database> => {
  schemas += 1;
  const fresh = openDatabase({ url: server.url, schema: `sequencer_${schemas}` });
  await prepareRoles(fresh);
  await prepareSequence(fresh);
  return fresh;
};

const taken = async (on: Database, holder: string): Promise<Role> => {
  const role = await takeRole(on, { name: 'sequencer', holder, leaseMs: 60_000 });
  if (role === undefined) throw new Error('somebody sequences');
  return role;
};
const letLeaseRunOut = (on: Database): Promise<unknown> =>
  on.query(`update roles set expires_at = clock_timestamp() - interval '1 millisecond'`);

const toHead = async (sequencer: Sequencer): Promise<number> => {
  for (let placed = 0; ;) {
    const step = await sequencer.step();
    placed += step.placed;
    if (step.atHead) return placed;
  }
};

/** What the sequence holds: texts in order of positions, and the stored root. */
const stored = async (on: Database): Promise<{ positions: number[]; texts: string[]; root: string }> => {
  const reader = openSequenceReader(on);
  const { events } = await reader.readAll({ limit: 10_000 });
  await reader.close();
  const { tree } = await readHead(on);
  return {
    positions: events.map(({ position }) => position),
    texts: events.map(({ envelope }) => envelope),
    root: hashHex(tree.root()),
  };
};
/** What one clean pass over the same events gives. */
const clean = (events: readonly FeedEvent[]): { positions: number[]; texts: string[]; root: string } => {
  const tree = new Frontier();
  for (const { envelope } of events) tree.push(leafHash(envelope));
  return {
    positions: events.map((_, at) => at + 1),
    texts: events.map(({ envelope }) => envelope),
    root: hashHex(tree.root()),
  };
};

const A = 'book-a-2024';
const B = 'book-b-2024';
const some = (): FeedEvent[] => [
  feedEvent(0, A, 0),
  feedEvent(1, B, 0, 'Quỹ "🌿" \\ {,}'),
  feedEvent(2, A, 1),
  feedEvent(3, A, 2),
];

describe('an empty sequence', () => {
  it('gives positions from 1 and goes on after the last', async () => {
    const events = some();
    const sequencer = createSequencer({
      feed: listFeed(events),
      database,
      role: await taken(database, 'a'),
      pageRecords: 3,
    });
    expect(await sequencer.step()).toStrictEqual({ placed: 3, atHead: false });
    expect(await sequencer.step()).toStrictEqual({ placed: 1, atHead: true });
    expect(await sequencer.step()).toStrictEqual({ placed: 0, atHead: true });
    events.push(feedEvent(4, B, 1));
    expect(await sequencer.step()).toStrictEqual({ placed: 1, atHead: true });
    expect(sequencer.position()).toBe(5);
    expect(await stored(database)).toStrictEqual(clean(events));
  });

  it('says how old the oldest waiting event is, and 0 at the head', async () => {
    const sequencer = createSequencer({
      feed: listFeed(some()),
      database,
      role: await taken(database, 'a'),
      pageRecords: 2,
      now: () => 1_700_000_005_000,
    });
    await sequencer.step();
    expect(sequencer.lagSeconds()).toBe(5);
    await toHead(sequencer);
    expect(sequencer.lagSeconds()).toBe(0);
  });

  it('moves its place in the feed over pages without an event', async () => {
    const next = cursorAt(7);
    const feed = { ...listFeed([]), page: async () => ({ events: [], next, atHead: true }) };
    await createSequencer({ feed, database, role: await taken(database, 'a') }).step();
    expect((await readHead(database)).cursor).toStrictEqual(next);
  });
});

describe('a feed that repeats itself', () => {
  it('adds nothing: within a page, over pages, from its beginning', async () => {
    const events = some();
    const twice = events.flatMap((event) => [event, event]);
    const role = await taken(database, 'a');
    await toHead(createSequencer({ feed: listFeed(twice), database, role, pageRecords: 3 }));
    await toHead(createSequencer({ feed: listFeed(events, { repeatLast: true }), database, role }));
    const whole = { ...listFeed(events), page: async () => listFeed(events).page(undefined, 10) };
    expect(await createSequencer({ feed: whole, database, role }).step()).toStrictEqual({
      placed: 0,
      atHead: true,
    });
    expect(await stored(database)).toStrictEqual(clean(events));
  });
});

describe('a feed that can not be true', () => {
  const cases: readonly (readonly [string, FeedEvent, string])[] = [
    [
      'a known id with another text',
      { ...feedEvent(4, A, 2), id: feedEvent(3, A, 2).id },
      'SEQUENCE_ID_REUSED',
    ],
    ['a known id at another place', feedEvent(3, B, 1), 'SEQUENCE_ID_REUSED'],
    ['another event at a known revision', feedEvent(4, A, 1), 'SEQUENCE_REVISION_TAKEN'],
    ['a revision too far', feedEvent(4, A, 4), 'SEQUENCE_REVISION_GAP'],
    ['a stream that does not begin', feedEvent(4, 'pledge-1', 1), 'SEQUENCE_REVISION_GAP'],
    [
      'a text that names another stream',
      { ...feedEvent(4, A, 3), stream: B, revision: 1 },
      'SEQUENCE_NOT_AN_EVENT',
    ],
    [
      'a text no table can hold',
      { ...feedEvent(4, A, 3), envelope: `${feedEvent(4, A, 3).envelope}\0` },
      'SEQUENCE_NOT_AN_EVENT',
    ],
    ['an id that is none', { ...feedEvent(4, A, 3), id: 'x' }, 'SEQUENCE_NOT_AN_EVENT'],
    ['a text too long', feedEvent(4, A, 3, 'ệ'.repeat(30_000)), 'SEQUENCE_NOT_AN_EVENT'],
  ];

  describe.each([
    ['in one page', 10],
    ['in a page of its own', 4],
  ])('%s', (_, pageRecords) => {
    it.each(cases)('%s stops it before that event, again and again', async (_title, wrong, code) => {
      const events = some();
      const given = [...events, { ...wrong, cursor: cursorAt(4) }, feedEvent(5, B, 1)];
      const role = await taken(database, 'a');
      for (const attempt of [1, 2, 3]) {
        const sequencer = createSequencer({ feed: listFeed(given), database, role, pageRecords });
        await expect(toHead(sequencer), `attempt ${attempt}`).rejects.toMatchObject({
          name: 'SequencerFault',
          code,
        });
        await expect(toHead(sequencer), `attempt ${attempt}`).rejects.toMatchObject({
          name: 'SequencerFault',
          code,
        });
        expect(await stored(database)).toStrictEqual(clean(events));
      }
    });
  });

  it('judged by who lost the part counts for nothing', async () => {
    const slept = createSequencer({
      feed: listFeed([feedEvent(0, A, 1)]),
      database,
      role: await taken(database, 'a'),
    });
    await letLeaseRunOut(database);
    await taken(database, 'b');
    await expect(slept.step()).rejects.toBeInstanceOf(RoleLostError);
  });
});

describe('a sequence that was changed behind its back', () => {
  const damage = (sql: string): Promise<unknown> =>
    database.transaction(async (tx) => {
      await tx.query('alter table events disable trigger all');
      await tx.query(sql);
    });

  beforeEach(async () => {
    const role = await taken(database, 'a');
    await toHead(createSequencer({ feed: listFeed(some()), database, role }));
  });

  it.each([
    ['in a leaf hash', `update events set leaf_hash = sha256('x') where position = 2`],
    ['by a cut tail', 'delete from events where position = 4'],
    ['by a gap', 'delete from events where position = 2'],
    ['in its tree', `update head set frontier = sha256('x')`],
    ['in its tree’s size', 'update head set size = 3'],
  ])('%s is refused at the start', async (_, sql) => {
    await damage(sql);
    const sequencer = createSequencer({ feed: listFeed(some()), database, role: await taken(database, 'a') });
    await expect(sequencer.step()).rejects.toMatchObject({ code: 'ES_CORRUPT' });
  });

  it.each(['update events set type = type', 'delete from events', 'truncate events', 'delete from marks'])(
    '“%s” is refused by the database itself',
    async (sql) => {
      await expect(database.query(sql)).rejects.toThrow('append-only');
    },
  );
});

/** A database that breaks at a statement: before it, or (a lost answer) after all of it happened. */
const breaking = (inner: Database, breaks: () => 'no' | 'before' | 'after'): Database => {
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    const how = breaks();
    if (how === 'before') throw Object.assign(new Error('cut off'), { code: 'ECONNRESET' });
    const result = await work();
    if (how === 'after') throw Object.assign(new Error('cut off'), { code: 'ECONNRESET' });
    return result;
  };
  const on = (queryable: Queryable): Queryable => ({
    query: (text, values) => run(() => queryable.query(text, values)),
  });
  return {
    ...inner,
    ...on(inner),
    // The commit is a statement as well.
    transaction: (work, isolation) => run(() => inner.transaction((tx) => work(on(tx)), isolation)),
  };
};

/** Random histories of a few streams, as `$all` gives them. */
const histories = fc
  .array(fc.tuple(fc.nat(3), fc.string({ unit: 'grapheme', maxLength: 12 })), { minLength: 1, maxLength: 40 })
  .map((picks) => {
    const next = new Map<string, number>();
    return picks.map(([pick, text], index) => {
      const stream = `book-${'abcd'[pick]}-2024`;
      const revision = next.get(stream) ?? 0;
      next.set(stream, revision + 1);
      return feedEvent(index, stream, revision, text);
    });
  });

describe('whatever breaks', () => {
  it('a sequencer that starts again each time gives what one clean pass gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat(9)),
        async (events, pageRecords, repeatLast, chance) => {
          const on = await freshDatabase();
          let left = 30;
          const fragile = breaking(on, () => {
            const { value } = chance.next();
            if (left === 0 || value > 1) return 'no';
            left -= 1;
            return value === 0 ? 'before' : 'after';
          });
          const feed = listFeed(events, { repeatLast });
          let sequencer: Sequencer | undefined;
          for (let lives = 0; ; lives += 1) {
            // Every other time it goes on with what it has in memory instead.
            if (lives % 2 === 0 || sequencer === undefined)
              sequencer = createSequencer({
                feed,
                database: fragile,
                role: await taken(on, 'a'),
                pageRecords,
              });
            const end = await toHead(sequencer).catch((error: unknown) => error);
            if (typeof end === 'number') break;
            expect(end).toMatchObject({ message: 'cut off' });
          }
          expect(await stored(on)).toStrictEqual(clean(events));
          await on.close();
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  it('two that race, pause anywhere and take over from each other give what one clean pass gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.integer({ min: 1, max: 7 }),
        fc.infiniteStream(fc.nat(11)),
        async (events, pageRecords, chance) => {
          const on = await freshDatabase();
          const feed = listFeed(events);
          /** One process: it plays the part while it can, and stops for a while between any two statements. */
          const live = async (holder: string): Promise<void> => {
            const paused = { ...on, ...pausing(on, () => pauseBy(chance.next().value)) };
            for (let lives = 0; lives < 200; lives += 1) {
              const role = await takeRole(on, { name: 'sequencer', holder, leaseMs: 60_000 });
              if (role === undefined) {
                // The other one sleeps, perhaps for ever: its lease runs out.
                await pauseBy(3);
                await letLeaseRunOut(on);
                continue;
              }
              const sequencer = createSequencer({ feed, database: paused, role, pageRecords });
              const end = await toHead(sequencer).catch((error: unknown) => error);
              if (typeof end === 'number') return;
              expect(end).toBeInstanceOf(RoleLostError);
            }
            throw new Error('never came to the head');
          };
          await Promise.all([live('a'), live('b')]);
          expect(await stored(on)).toStrictEqual(clean(events));
          await on.close();
        },
      ),
      { numRuns: 15 },
    );
  }, 120_000);
});

const pauseBy = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
};
const pausing = (inner: Database, pause: () => Promise<void>): Pick<Database, 'query' | 'transaction'> => {
  const on = (queryable: Queryable): Queryable => ({
    query: async (text, values) => {
      await pause();
      return queryable.query(text, values);
    },
  });
  return {
    ...on(inner),
    transaction: async (work, isolation) => {
      await pause();
      return inner.transaction((tx) => work(on(tx)), isolation);
    },
  };
};
