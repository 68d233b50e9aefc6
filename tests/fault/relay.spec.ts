import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type SqliteLog, openSqliteLog, partitionOf } from '#event-log';
import {
  type Bus,
  type BusMessage,
  EVENTS_TOPIC,
  type RelayCheckpoint,
  decodeMessage,
  openKafkaBus,
  runRelay,
} from '#messaging';
import { type Database, openDatabase } from '#postgres';
import { hashHex, leafHash } from '#transparency';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type KafkaServers, type PostgresServer, startKafka, startPostgres } from '../support/parts/index.ts';
import { fillLog, firstArrivals, logged } from '../support/relayed.ts';

const PARTITIONS = 4;
const FUNDS = 9;
const START_MS = 180_000;
const TEST_MS = 240_000;
/** Only a test that fails waits for so long. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 50;
/** Events of one append round; rounds follow one another while relays are killed. */
const ROUND = 40;
const SOURCE = '/ledger';

let kafka: KafkaServers;
let postgres: PostgresServer;
beforeAll(async () => {
  [kafka, postgres] = await Promise.all([startKafka({ brokers: 1 }), startPostgres()]);
}, START_MS);
afterAll(async () => {
  await Promise.all([kafka.stop(), postgres.stop()]);
}, START_MS);

let folder: string;
let log: SqliteLog;
let bus: Bus;
let appended = 0;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-relay-'));
  log = await openSqliteLog(folder, { thread: false });
  bus = openKafkaBus({ brokers: kafka.bootstrap, clientId: 'spec' });
  appended = 0;
});
afterEach(async () => {
  await bus.close();
  await log.close();
  rmSync(folder, { recursive: true });
});

const append = async (): Promise<void> => {
  await fillLog(log, ROUND, FUNDS, appended);
  appended += ROUND;
};

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(LOOK_MS)) if (await isSo()) return;
  throw new Error(`${what} did not come about in ${PATIENCE_MS} ms`);
}

/** Every message of the topic, by partition: up to the heartbeat or event that says the whole log is there. */
async function everything(topic: string, group: string): Promise<BusMessage[][]> {
  const found: BusMessage[][] = Array.from({ length: PARTITIONS }, () => []);
  const reached = new Set<number>();
  const consumer = await bus.consume({
    topic,
    group,
    onAssign: async (partition) => {
      found[partition] = [];
      return 0;
    },
    onBatch: async (partition, messages) => {
      found[partition]?.push(...messages);
      if (messages.some((one) => decodeMessage(one).position >= appended)) reached.add(partition);
    },
  });
  await until('the end of every partition', () => reached.size === PARTITIONS);
  await consumer.stop();
  return found;
}

/** Ids, bytes and order of each partition's first arrivals are those of the log; hashes are those of the bytes. */
async function expectTheLog(partitions: readonly (readonly BusMessage[])[]): Promise<void> {
  const events = await logged(log);
  for (const [partition, raw] of partitions.entries()) {
    const messages = raw.map(decodeMessage);
    expect(firstArrivals(messages)).toStrictEqual(
      events
        .filter(({ stream }) => partitionOf(stream, PARTITIONS) === partition)
        .map(({ id, position, envelope }) => ({ id, position, envelope })),
    );
    const wrong = messages.filter(
      (one) => one.kind === 'event' && one.leafHash !== hashHex(leafHash(one.envelope)),
    );
    expect(wrong).toStrictEqual([]);
  }
}

/** Events that came more than once, and whether every repeat was the same message to the byte. */
function repeatsOf(partitions: readonly (readonly BusMessage[])[]): { repeats: number; identical: boolean } {
  const first = new Map<string, string>();
  let repeats = 0;
  let identical = true;
  for (const { offset: _offset, ...message } of partitions.flat()) {
    if (message.value === null) continue;
    const id = message.headers['ce_id'] ?? '';
    const text = JSON.stringify(message);
    const known = first.get(id);
    if (known === undefined) first.set(id, text);
    else {
      repeats += 1;
      identical &&= known === text;
    }
  }
  return { repeats, identical };
}

describe('a relay that fails between the acknowledgement and its checkpoint', () => {
  it(
    'repeats the very same messages when it runs again, and loses none',
    async () => {
      for (let round = 0; round < 5; round += 1) await append();
      let kept: RelayCheckpoint | undefined;
      let saves = 0;
      const run = async (): Promise<void> => {
        const done = new AbortController();
        await runRelay({
          log,
          bus,
          topic: 'between',
          partitions: PARTITIONS,
          source: SOURCE,
          signal: done.signal,
          pageEvents: 30,
          checkpoints: {
            load: async () => kept,
            save: async (checkpoint) => {
              saves += 1;
              if (saves % 3 === 0) throw new Error('killed here');
              kept = checkpoint;
            },
          },
          onPosition: (position) => position === appended && done.abort(),
        });
      };
      for (let runs = 0; runs < 20 && kept?.position !== appended; runs += 1)
        await run().catch(() => undefined);
      const found = await everything('between', 'between-reader');
      await expectTheLog(found);
      const { repeats, identical } = repeatsOf(found);
      expect(repeats).toBeGreaterThan(0);
      expect(identical).toBe(true);
    },
    TEST_MS,
  );
});

describe('relay processes', () => {
  let database: Database;
  let schemaUrl: string;
  let databases = 0;
  const running = new Set<ChildProcess>();
  const main = fileURLToPath(new URL('../../apps/relay/main.ts', import.meta.url));

  const relay = (name: string): ChildProcess => {
    const child = spawn(
      process.execPath,
      ['--conditions=source', '--disable-warning=ExperimentalWarning', main],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          ...process.env,
          LALANH_DATA: folder,
          LALANH_POSTGRES: schemaUrl,
          LALANH_KAFKA: kafka.bootstrap.join(','),
          LALANH_PARTITIONS: String(PARTITIONS),
          LALANH_INSTANCE: name,
          LALANH_PORT: '0',
        },
      },
    );
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  /** Where the relay's checkpoint stands; 0 before there is one. */
  const position = (): Promise<number> =>
    database
      .query<{ position: bigint }>('select position from roles.relay_checkpoints')
      .then(([row]) => Number(row?.position ?? 0))
      .catch(() => 0);
  const holder = (): Promise<string | undefined> =>
    database
      .query<{ holder: string }>(`select holder from roles.roles where name = 'relay'`)
      .then(([row]) => row?.holder)
      .catch(() => undefined);

  beforeEach(async () => {
    databases += 1;
    const admin = openDatabase({ url: postgres.url });
    await admin.query(`create database relay_${databases}`);
    await admin.close();
    const url = new URL(postgres.url);
    url.pathname = `/relay_${databases}`;
    schemaUrl = url.href;
    database = openDatabase({ url: schemaUrl });
  });
  afterEach(async () => {
    await Promise.all([...running].map(kill));
    await database.close();
  });

  it(
    'killed again and again under load, then one that was paused beside its successor: nothing lost, nothing turned round',
    async () => {
      // Killed: each time when it has just moved on, so that a page is under way.
      for (let round = 0; round < 4; round += 1) {
        const before = await position();
        const one = relay('a');
        const loading = (async () => {
          for (let rounds = 0; rounds < 10; rounds += 1) {
            await append();
            await sleep(20);
          }
        })();
        await until('a step of the relay', async () => (await position()) > before);
        await kill(one);
        await loading;
      }
      // Paused: the one that works sleeps through its lease in the middle of its work, another takes over.
      const [a, b] = [relay('a'), relay('b')];
      await until('the end of the log', async () => (await position()) === appended);
      const first = (await holder()) === 'a' ? a : b;
      const other = first === a ? 'b' : 'a';
      const loading = (async () => {
        for (let rounds = 0; rounds < 25; rounds += 1) {
          await append();
          await sleep(20);
        }
      })();
      await sleep(100);
      first.kill('SIGSTOP');
      await until('another relay', async () => (await holder()) === other);
      await loading;
      first.kill('SIGCONT');
      await append();
      await until('the end of the log', async () => (await position()) === appended);
      const found = await everything(EVENTS_TOPIC, 'processes-reader');
      await expectTheLog(found);
      expect(repeatsOf(found).identical).toBe(true);
      expect(await holder()).toBe(other);
    },
    TEST_MS,
  );
});
