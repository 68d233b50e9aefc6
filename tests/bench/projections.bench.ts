/**
 * How fast the projections are: `node scripts/node26.mjs --conditions=source tests/bench/projections.bench.ts
 * [events] [books]`. Makes a log in a temporary folder, runs the balances alone and all projections together,
 * then reads balances at two dates: in SQLite, and in PostgreSQL when `LALANH_POSTGRES` names a server, in a
 * schema of its own there. Prints; judges nothing.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everything } from '#access';
import { openSqliteLog, openSqliteLogReader } from '#event-log';
import {
  balanceProjections,
  fundProjections,
  readDonorBalances,
  readFundBalances,
  readPlaceBalances,
} from '#funds';
import { placeProjections } from '#places';
import { pledgeProjections } from '#pledges';
import { programmeProjections } from '#programmes';
import { type Database, ensureSchema, openDatabase } from '#postgres';
import {
  type Projection,
  type ReadModels,
  type Store,
  catchUp,
  createProjector,
  openPostgresReadModels,
  openPostgresStore,
  openReadModels,
  openStore,
} from '#read-models';
import { bookHistory, randomFrom } from '../support/book-history.ts';

const [events = 100_000, books = 1] = process.argv.slice(2).map(Number);
const DONORS = 200_000;
const folder = mkdtempSync(join(tmpdir(), 'la-lanh-bench-'));
const print = (name: string, value: string): void =>
  void process.stdout.write(`${name.padEnd(44)} ${value}\n`);
const rate = (count: number, ms: number): string =>
  `${Math.round((count / ms) * 1000).toLocaleString('en')} events/s`;

async function fillLog(): Promise<void> {
  const log = await openSqliteLog(folder, { thread: false });
  const shape = {
    funds: Array.from({ length: books }, (_, i) => `qbt-${i}`),
    donors: DONORS,
    places: Array.from({ length: 108 }, (_, i) => `0${1_800 + i * 3}-2021-01-01`),
    beneficiaries: Array.from({ length: 5_000 }, (_, i) => `tre-${i}`),
    programmes: ['ao-am', 'xe-dap', 'hoc-bong'],
    year: 2024,
    giftMax: 2_000_000,
    receiptsPercent: 95,
    receipts: events,
  };
  let waiting: Promise<unknown>[] = [];
  let made = 0;
  for (const { events: facts, ...append } of bookHistory(shape, randomFrom(1))) {
    waiting.push(log.append(append));
    made += facts.length;
    if (waiting.length === 2_000) {
      await Promise.all(waiting);
      waiting = [];
    }
    if (made >= events) break;
  }
  await Promise.all(waiting);
  await log.close();
}

/** Where a run lies. */
interface Target {
  readonly store: Store;
  readonly models: () => ReadModels;
  readonly bytes: () => Promise<number>;
  readonly close: () => Promise<void>;
}

const inSqlite = async (name: string): Promise<Target> => {
  const file = join(folder, `${name.replaceAll(' ', '-')}.db`);
  const store = openStore(file);
  return {
    store,
    models: () => openReadModels(file),
    bytes: async () => statSync(file).size,
    close: async () => store.close(),
  };
};

const inPostgres =
  (url: string) =>
  async (name: string): Promise<Target> => {
    const schema = `bench_${process.pid}_${name.replaceAll(/\W/g, '_')}`;
    const database: Database = openDatabase({ url, schema, pipeline: true });
    await ensureSchema(database, schema);
    return {
      store: openPostgresStore(database),
      models: () => openPostgresReadModels(database),
      bytes: async () => {
        const sql =
          'select sum(pg_total_relation_size(oid)) as n from pg_class where relnamespace = $1::regnamespace';
        return Number((await database.query<{ n: bigint }>(`${sql} and relkind = 'r'`, [schema]))[0]?.n);
      },
      close: async () => {
        await database.query(`drop schema ${schema} cascade`);
        await database.close();
      },
    };
  };

async function project(name: string, { store }: Target, projections: readonly Projection[]): Promise<void> {
  const log = openSqliteLogReader(folder);
  const projector = await createProjector({ log, store, projections });
  const started = performance.now();
  const cpu = process.cpuUsage();
  await catchUp(projector);
  const head = await log.head();
  const { user, system } = process.cpuUsage(cpu);
  // On a machine with other work the processor time says more than the clock.
  print(
    name,
    `${rate(head, performance.now() - started)}, by processor time ${rate(head, (user + system) / 1000)}`,
  );
  await log.close();
}

async function reads({ models }: Target): Promise<void> {
  const log = openSqliteLogReader(folder);
  const { db, close } = models();
  const context = { db, log };
  const scope = everything('bench');
  const head = await log.head();
  const tree = { places: new Map(), byCode: new Map() };
  const rollUp = { tree, level: 'district', on: '2024-12-31' } as const;
  const random = randomFrom(7);
  const cases: [string, () => Promise<unknown>][] = [
    ['one fund, now', () => readFundBalances(context, { scope, keys: [`qbt-${random(books)}`] })],
    ['all funds, now', () => readFundBalances(context, { scope })],
    [
      'all funds, two dates',
      () => readFundBalances(context, { scope, effectiveThrough: '2024-06-30', knownAt: 1 + random(head) }),
    ],
    [
      'one fund, two dates',
      () =>
        readFundBalances(context, {
          scope,
          keys: ['qbt-0'],
          effectiveThrough: '2024-06-30',
          knownAt: 1 + random(head),
        }),
    ],
    ['districts, now', () => readPlaceBalances(context, { scope, rollUp })],
    [
      'districts, two dates',
      () =>
        readPlaceBalances(context, {
          scope,
          rollUp,
          effectiveThrough: '2024-06-30',
          knownAt: 1 + random(head),
        }),
    ],
    [
      'one donor, two dates',
      () =>
        readDonorBalances(context, {
          scope,
          donors: [`d-${random(DONORS)}`],
          effectiveThrough: '2024-06-30',
          knownAt: 1 + random(head),
        }),
    ],
  ];
  for (const [name, read] of cases) {
    const times: number[] = [];
    await read();
    for (let i = 0; i < 40; i += 1) {
      const started = performance.now();
      await read();
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    print(`read: ${name}`, `p50 ${times[20]?.toFixed(2)} ms, p99 ${times[39]?.toFixed(2)} ms`);
  }
  await close();
  await log.close();
}

try {
  const started = performance.now();
  await fillLog();
  print(`made ${events} events in ${books} books`, `${Math.round((performance.now() - started) / 1000)} s`);
  const all = [...fundProjections, ...placeProjections, ...pledgeProjections, ...programmeProjections];
  const url = process.env['LALANH_POSTGRES'];
  for (const [where, open] of [
    ['SQLite', inSqlite] as const,
    ...(url === undefined ? [] : [['PostgreSQL', inPostgres(url)] as const]),
  ]) {
    print(`in ${where}:`, '');
    const balances = await open('balances alone');
    await project('balances alone', balances, balanceProjections);
    await balances.close();
    if (process.env['EACH'])
      for (const projection of all) {
        const one = await open(projection.name);
        await project(projection.name, one, [projection]);
        await one.close();
      }
    const target = await open('all projections');
    await project('all projections', target, all);
    print('read models on disk', `${Math.round((await target.bytes()) / 2 ** 20)} MiB`);
    await reads(target);
    await target.close();
  }
} finally {
  rmSync(folder, { recursive: true });
}
