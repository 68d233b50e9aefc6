import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Append,
  type EventLog,
  EventLogError,
  openMemoryLog,
  openSequenceReader,
  openSqliteLog,
  openSqliteLogReader,
  prepareSequence,
} from '#event-log';
import { type Database, openDatabase, prepareRoles, takeRole } from '#postgres';
import { Frontier, hashHex, leafHash } from '#transparency';
import { type Shape, loggedCommands } from '../../../tests/support/logged-commands.ts';
import { type PostgresServer, startPostgres } from '../../../tests/support/parts/index.ts';
import { feedOfLog } from '../../../tests/support/sequence.ts';
import { CliFailure } from '../failure.ts';
import { type Copied, type CopyLog, copyLog } from './copy-log.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const folders: string[] = [];
const databases: Database[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  await Promise.all(databases.splice(0).map((database) => database.close()));
});

const sourceOf = async (commands: readonly Append[]): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-migrate-'));
  folders.push(folder);
  const log = await openSqliteLog(folder, { thread: false });
  for (const command of commands) await log.append(command);
  await log.close();
  return folder;
};
let schemas = 0;
const freshDatabase = async (): Promise<Database> => {
  schemas += 1;
  const database = openDatabase({ url: server.url, schema: `copy_${schemas}` });
  databases.push(database);
  await prepareRoles(database);
  await prepareSequence(database);
  return database;
};

interface Pair {
  readonly folder: string;
  readonly store: EventLog;
  readonly database: Database;
}
const pairOf = async (commands: readonly Append[]): Promise<Pair> => ({
  folder: await sourceOf(commands),
  store: openMemoryLog(),
  database: await freshDatabase(),
});

/** One run, on a target and a database that may break. */
const run = async (
  { folder, store, database }: Pair,
  target: CopyLog['target'] = store,
  fragile: Database = database,
): Promise<Copied> => {
  const role = await takeRole(database, { name: 'sequencer', holder: 'spec', leaseMs: 60_000 });
  if (role === undefined) throw new Error('somebody sequences');
  const source = openSqliteLogReader(folder);
  const sequence = openSequenceReader(fragile);
  try {
    return await copyLog({ source, target, feed: feedOfLog(store), database: fragile, sequence, role });
  } finally {
    await sequence.close();
    await source.close();
  }
};
const envelopes = async (log: Pick<EventLog, 'readAll'>): Promise<readonly string[]> =>
  (await log.readAll({ limit: 10_000 })).events.map(({ envelope }) => envelope);
/** The same events at the same positions in the folder, the store and the sequence. */
const expectCopied = async ({ folder, store, database }: Pair): Promise<void> => {
  const source = openSqliteLogReader(folder);
  const sequence = openSequenceReader(database);
  const { events } = await source.readAll({ limit: 10_000 });
  expect((await sequence.readAll({ limit: 10_000 })).events).toStrictEqual(events);
  expect(await envelopes(store)).toStrictEqual(events.map(({ envelope }) => envelope));
  await sequence.close();
  await source.close();
};
const rootOf = (commands: readonly Append[]): string => {
  const tree = new Frontier();
  for (const { writes } of commands)
    for (const { events } of writes) for (const { envelope } of events) tree.push(leafHash(envelope));
  return hashHex(tree.root());
};
const failure = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it went well',
    (error: unknown) =>
      error instanceof CliFailure ? { exit: error.exitCode, message: error.message } : error,
  );

const A = 'book-a-2024';
const B = 'book-b-2024';
const SHAPE: Shape = [
  [{ stream: A, count: 1, text: 'Quỹ 🌿' }],
  [
    { stream: B, count: 2 },
    { stream: A, count: 1 },
  ],
  [{ stream: A, count: 3 }],
  [{ stream: B, count: 1 }],
];
const COMMANDS = loggedCommands(SHAPE);

describe('a log copied into an empty target', () => {
  it('keeps order, ids and bytes, and has the same root', async () => {
    const pair = await pairOf(COMMANDS);
    expect(await run(pair)).toStrictEqual({ events: 8, root: rootOf(COMMANDS), resumedAfter: 0 });
    await expectCopied(pair);
  });

  it('copied again, adds nothing', async () => {
    const pair = await pairOf(COMMANDS);
    await run(pair);
    expect(await run(pair)).toStrictEqual({ events: 8, root: rootOf(COMMANDS), resumedAfter: 8 });
    await expectCopied(pair);
  });

  it('that is empty itself, is there', async () => {
    const pair = await pairOf([]);
    expect(await run(pair)).toStrictEqual({ events: 0, root: rootOf([]), resumedAfter: 0 });
  });
});

describe('a copy that breaks anywhere', () => {
  const shapes = fc.array(
    fc.uniqueArray(
      fc.record({
        stream: fc.constantFrom(A, B, 'pledge-1', 'donor-1'),
        count: fc.integer({ min: 1, max: 3 }),
        text: fc.string({ unit: 'grapheme', maxLength: 8 }),
      }),
      { minLength: 1, maxLength: 3, selector: ({ stream }) => stream },
    ),
    { minLength: 1, maxLength: 12 },
  );

  it('goes on from there, however often, and ends as one that did not', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.infiniteStream(fc.nat(9)), async (shape, chance) => {
        const commands = loggedCommands(shape);
        const pair = await pairOf(commands);
        let left = 12;
        const cut = async <T>(work: () => Promise<T>): Promise<T> => {
          const { value } = chance.next();
          const how = left > 0 && value < 2 ? value : undefined;
          if (how !== undefined) left -= 1;
          if (how === 0) throw new EventLogError('ES_UNAVAILABLE', 'cut before');
          const result = await work();
          if (how === 1) throw new EventLogError('ES_OUTCOME_UNKNOWN', 'cut after', 'unknown');
          return result;
        };
        const target = { ...pair.store, append: (one: Append) => cut(() => pair.store.append(one)) };
        const fragile: Database = {
          ...pair.database,
          transaction: (work, isolation) => cut(() => pair.database.transaction(work, isolation)),
        };
        for (;;) {
          const end = await failure(run(pair, target, fragile));
          if (end === 'it went well') break;
          expect(end).toMatchObject({ exit: 3, message: expect.stringContaining('run again') });
        }
        expect(left).toBeGreaterThanOrEqual(0);
        await expectCopied(pair);
      }),
      { numRuns: 20 },
    );
  }, 120_000);
});

describe('a target that holds something else', () => {
  const refused = (position: number, detail: string) => ({
    exit: 1,
    message: expect.stringMatching(new RegExp(`position ${position}: .*${detail}`)),
  });

  it('from another ledger, is refused and gets nothing', async () => {
    const pair = await pairOf(COMMANDS);
    const [other] = loggedCommands([[{ stream: 'book-z-2024', count: 1 }]]);
    if (other !== undefined) await pair.store.append(other);
    expect(await failure(run(pair))).toStrictEqual(refused(1, 'book-z-2024@0 instead of book-a-2024@0'));
    expect(await envelopes(pair.store)).toHaveLength(1);
  });

  it('after the same beginning, is refused with the first position that differs', async () => {
    const pair = await pairOf(COMMANDS);
    const others = loggedCommands([...SHAPE.slice(0, 2), [{ stream: A, count: 3, text: 'another' }]]);
    for (const command of others) await pair.store.append(command);
    expect(await failure(run(pair))).toStrictEqual(refused(5, 'book-a-2024@2'));
  });

  it('and is longer, is refused', async () => {
    const pair = await pairOf(COMMANDS.slice(0, 2));
    for (const command of COMMANDS) await pair.store.append(command);
    expect(await failure(run(pair))).toStrictEqual(refused(5, '8 events instead of 4'));
  });

  it('without the markers of commands, is refused', async () => {
    const pair = await pairOf(COMMANDS);
    for (const command of COMMANDS.slice(0, 2)) await pair.store.append(command);
    const unmarked = { ...pair.store, findCommand: async () => [] };
    expect(await failure(run(pair, unmarked))).toStrictEqual(refused(4, 'without their command'));
  });

  it('written by somebody else meanwhile, is refused with the first position that differs', async () => {
    const pair = await pairOf(COMMANDS);
    const others = loggedCommands([[{ stream: 'book-z-2024', count: 1 }]], 1_000);
    let appended = 0;
    const shared = {
      ...pair.store,
      append: async (one: Append) => {
        appended += 1;
        if (appended === 3) for (const other of others) await pair.store.append(other);
        return pair.store.append(one);
      },
    };
    expect(await failure(run(pair, shared))).toStrictEqual(
      refused(5, 'book-z-2024@0 instead of book-a-2024@2'),
    );
  });
});

describe('a source that no executor wrote', () => {
  it('in event ids, is not copied', async () => {
    const [first] = loggedCommands([[{ stream: A, count: 1 }]]);
    if (first === undefined) throw new Error('no command');
    const foreign = '018f0000-0000-7000-8000-00000000ffff';
    const [{ events, ...write }] = first.writes;
    const renamed = events.map((event) => ({
      ...event,
      envelope: event.envelope.replace(`"commandId":"${first.command}"`, `"commandId":"${foreign}"`),
    }));
    const pair = await pairOf([{ ...first, writes: [{ ...write, events: renamed }] }]);
    expect(await failure(run(pair))).toMatchObject({
      exit: 3,
      message: expect.stringContaining('not made from its own'),
    });
  });
});
