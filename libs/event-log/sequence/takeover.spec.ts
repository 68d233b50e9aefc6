import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '#postgres';
import { type KurrentDouble, openKurrentDouble } from '../../../tests/support/kurrent-double/index.ts';
import { loggedCommands } from '../../../tests/support/logged-commands.ts';
import { type PostgresServer, startPostgres } from '../../../tests/support/parts/index.ts';
import type { Append, EventLogReader } from '../event-log.ts';
import { type KurrentLog, openKurrentLog } from '../kurrent/index.ts';
import { openSequenceReader } from './reader.ts';
import { verifySequence } from './verify-sequence.ts';

// Real processes and a real PostgreSQL; KurrentDB is the protocol double.

const LEASE_MS = 1_000;
const STREAMS = 5;
const program = fileURLToPath(new URL('../../../tests/support/sequencer-process.ts', import.meta.url));

let server: PostgresServer;
let double: KurrentDouble;
let database: Database;
let sequence: EventLogReader;
let log: KurrentLog;
let commands: Append[];
let schemas = 0;
const children: ChildProcess[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

beforeEach(async () => {
  schemas += 1;
  double = await openKurrentDouble();
  database = openDatabase({ url: server.url, schema: `takeover_${schemas}` });
  sequence = openSequenceReader(database);
  log = await openKurrentLog({ connectionString: double.url, sequence });
  commands = [
    ...loggedCommands(
      Array.from({ length: 400 }, (_, at) => [
        { stream: `book-${at % STREAMS}-2024`, count: 1 + (at % 3) },
        { stream: `pledge-${at}`, count: 1 },
      ]),
    ),
  ];
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  await log.close();
  await sequence.close();
  await database.close();
  await double.close();
});

const start = (holder: string): ChildProcess => {
  const child = spawn(
    process.execPath,
    ['--conditions=source', program, double.url, server.url, database.schema, holder, String(LEASE_MS)],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { PATH: process.env['PATH'] ?? '' } },
  );
  children.push(child);
  return child;
};
const append = async (count: number): Promise<void> => {
  for (const one of commands.splice(0, count)) await log.append(one);
};

const LOOKS_MAX = 6_000;
/** Waits for what has to come; how long it takes decides nothing. */
const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    // The tables are made by the first sequencer.
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`never: ${what}`);
};
const head = (): Promise<number> => sequence.head();
const plays = (holder: string) => async (): Promise<boolean> => {
  const [role] = await database.query<{ holder: string }>('select holder from roles');
  return role?.holder === holder;
};
/** Texts of the store in its own order: what one clean pass would give. */
const given = (): string[] =>
  double.store
    .all()
    .filter(({ stream }) => /^(book|pledge)-/.test(stream))
    .map(({ data }) => Buffer.from(data).toString());
const placedAll = (): Promise<void> => until('all placed', async () => (await head()) === given().length);
/** Every event once, at its place, and a sequence that verifies. */
const expectClean = async (): Promise<void> => {
  const { events } = await sequence.readAll({ limit: 10_000 });
  expect(events.map(({ envelope }) => envelope)).toStrictEqual(given());
  expect(events.map(({ position }) => position)).toStrictEqual(given().map((_, at) => at + 1));
  expect((await verifySequence(database).next()).done).toBe(true);
};

describe('a sequencer process', () => {
  it('killed while it works, is followed by another without a gap or a repeat', async () => {
    const first = start('a');
    await append(100);
    await until('a works', async () => (await head()) > 0);
    start('b');
    const appending = append(200);
    await until('a works on', async () => (await head()) > 150);
    first.kill('SIGKILL');
    await appending;
    await until('b plays', plays('b'));
    await append(100);
    await placedAll();
    await expectClean();
  }, 120_000);

  it('stopped while it works, loses the part, and woken writes nothing', async () => {
    const first = start('a');
    await append(100);
    await until('a works', async () => (await head()) > 0);
    const appending = append(100);
    await until('a works on', async () => (await head()) > 150);
    first.kill('SIGSTOP');
    const second = start('b');
    await appending;
    await until('b plays', plays('b'));
    await placedAll();
    first.kill('SIGCONT');
    await append(100);
    await placedAll();
    await expectClean();
    // And the other way round: the one that woke is the next.
    second.kill('SIGSTOP');
    await append(100);
    await until('a plays', plays('a'));
    await placedAll();
    second.kill('SIGCONT');
    await expectClean();
  }, 120_000);
});
