/**
 * How fast partitions go from Kafka to PostgreSQL: `node scripts/node26.mjs --conditions=source
 * tests/bench/projector.bench.ts [events] [books] [instances…]`. Starts one broker and one PostgreSQL, fills the topic, then
 * lets as many projector processes as named apply it to all read models, from where they follow. Prints; judges nothing.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type EventLog, openSqliteLog } from '#event-log';
import { EVENTS_TOPIC, type RelayCheckpoint, openKafkaBus, runRelay } from '#messaging';
import { ensureSchema, openDatabase } from '#postgres';
import {
  READ_MODELS_SCHEMA,
  createPartitionedProjector,
  openPostgresReadModels,
  openPostgresStore,
} from '#read-models';
import { allProjections } from '../../apps/projector/projections.ts';
import { bookHistory, randomFrom } from '../support/book-history.ts';
import { startKafka, startPostgres } from '../support/parts/index.ts';

const [events = 100_000, books = 200, ...instances] = process.argv.slice(2).map(Number);
const PARTITIONS = 12;
const MAIN = fileURLToPath(new URL('../../apps/projector/main.ts', import.meta.url));
const LOOK_MS = 100;
/** The heartbeats that name the last position follow soon after it. */
const HEARTBEATS_MS = 3_000;
/** Clock ticks of Linux in a second, in which it counts processor time. */
const TICKS = 100;
const print = (name: string, value: string): void =>
  void process.stdout.write(`${name.padEnd(44)} ${value}\n`);

async function fill(log: EventLog): Promise<void> {
  const shape = {
    funds: Array.from({ length: books }, (_, i) => `qbt-${i}`),
    donors: 200_000,
    places: Array.from({ length: 108 }, (_, i) => `0${1_800 + i * 3}-2021-01-01`),
    beneficiaries: Array.from({ length: 5_000 }, (_, i) => `tre-${i}`),
    programmes: ['ao-am', 'xe-dap', 'hoc-bong'],
    year: 2024,
    giftMax: 2_000_000,
    receiptsPercent: 95,
    receipts: events,
  };
  const waiting: Promise<unknown>[] = [];
  let made = 0;
  for (const { events: facts, ...append } of bookHistory(shape, randomFrom(1))) {
    waiting.push(log.append(append));
    made += facts.length;
    if (waiting.length === 2_000) await Promise.all(waiting.splice(0));
    if (made >= events) break;
  }
  await Promise.all(waiting);
}

/** Processor seconds of a process, and of what it started that still runs. */
function processorSeconds(pid: number): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, id = '', rest = ''] =
          /^(\d+) \(.*\) (.*)$/.exec(readFileSync(`/proc/${name}/stat`, 'utf8').trim()) ?? [];
        const fields = rest.split(' ');
        return [
          { id: Number(id), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) },
        ];
      } catch {
        return [];
      }
    });
  return (
    stats
      .filter(({ id, parent }) => id === pid || parent === pid)
      .reduce((sum, { ticks }) => sum + ticks, 0) / TICKS
  );
}

const postgres = await startPostgres();
const kafka = await startKafka({ brokers: 1, optimised: true });
const folder = mkdtempSync(join(tmpdir(), 'lalanh-bench-'));
const brokers = [...kafka.bootstrap];

const environment = (count: number): Record<string, string> => {
  const url = new URL(postgres.url);
  url.pathname = `bench_${count}`;
  return {
    LALANH_DATA: folder,
    LALANH_KAFKA: brokers.join(','),
    LALANH_POSTGRES: url.href,
    LALANH_PARTITIONS: String(PARTITIONS),
    LALANH_PORT: '0',
  };
};
const start = (count: number, instance: number): ChildProcess =>
  spawn(process.execPath, ['--conditions=source', MAIN], {
    env: { ...process.env, ...environment(count), LALANH_INSTANCE: `p${instance}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
const stop = async (child: ChildProcess): Promise<void> => {
  child.kill('SIGTERM');
  await once(child, 'exit');
};

/** Puts the whole log on the bus, heartbeats included. */
async function relay(log: EventLog): Promise<void> {
  const bus = openKafkaBus({ brokers, clientId: 'bench' });
  await bus.ensureTopic(EVENTS_TOPIC, PARTITIONS);
  const done = new AbortController();
  let kept: RelayCheckpoint | undefined;
  const head = await log.head();
  const began = performance.now();
  await runRelay({
    log,
    bus,
    checkpoints: { load: async () => kept, save: async (checkpoint) => void (kept = checkpoint) },
    topic: EVENTS_TOPIC,
    partitions: PARTITIONS,
    source: '/ledger',
    signal: done.signal,
    onPosition: (position) => position >= head && setTimeout(() => done.abort(), HEARTBEATS_MS),
  });
  print('on the bus', `${head} events in ${Math.round(performance.now() - began - HEARTBEATS_MS)} ms`);
  await bus.close();
}

try {
  const log = await openSqliteLog(folder, { thread: false });
  await fill(log);
  await relay(log);
  const counts = instances.length > 0 ? instances : [1, 2];
  const admin = openDatabase({ url: postgres.url });
  for (const count of counts) {
    await admin.query(`create database bench_${count}`);
    const database = openDatabase({
      url: environment(count)['LALANH_POSTGRES'] ?? '',
      schema: READ_MODELS_SCHEMA,
    });
    const models = openPostgresReadModels(database);
    const reached = async (isSo: (positions: readonly number[]) => boolean): Promise<void> => {
      for (;;) {
        const builds = await models.status().catch(() => []);
        const follow = builds.length > 0 && builds.every(({ follows }) => follows);
        if (follow && isSo(builds.map(({ position }) => position))) return;
        await sleep(LOOK_MS);
      }
    };
    await ensureSchema(database, READ_MODELS_SCHEMA);
    // Everything follows before the clock starts: what is measured is the way through Kafka.
    const empty = await createPartitionedProjector({
      log,
      store: openPostgresStore(database),
      projections: allProjections,
      group: 'lalanh-projector',
      topic: EVENTS_TOPIC,
      partitions: PARTITIONS,
    });
    while (await empty.build());
    const head = await log.head();
    const children = Array.from({ length: count }, (_, instance) => start(count, instance + 1));
    await reached((positions) => positions.some((position) => position > 0));
    const first = performance.now();
    const own = (): number => children.reduce((sum, { pid = 0 }) => sum + processorSeconds(pid), 0);
    const before = { own: own(), server: processorSeconds(postgres.pid) };
    await reached((positions) => positions.every((position) => position >= head));
    const ms = performance.now() - first;
    const [mine, server] = [own() - before.own, processorSeconds(postgres.pid) - before.server];
    const perSecond = Math.round((head / ms) * 1_000).toLocaleString('en');
    print(
      `${count} projectors, all read models`,
      `${perSecond} events/s, processor ${mine.toFixed(1)} s + PostgreSQL ${server.toFixed(1)} s`,
    );
    await Promise.all(children.map(stop));
    await models.close();
    await database.close();
  }
  await admin.close();
  await log.close();
} finally {
  await kafka.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true });
}
