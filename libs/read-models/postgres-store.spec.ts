import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EventLog, openMemoryLog } from '#event-log';
import { fundProjections } from '#funds';
import { type Database, ensureSchema, openDatabase } from '#postgres';
import { bookHistory, randomFrom } from '../../tests/support/book-history.ts';
import { type PostgresServer, hasParts, startPostgres } from '../../tests/support/parts/index.ts';
import {
  FencedError,
  type ReadModels,
  type Store,
  catchUp,
  createProjector,
  openPostgresReadModels,
  openPostgresStore,
  openStore,
} from './index.ts';

const SHAPE = {
  funds: ['qbt-06', 'qbt-19'],
  donors: 5,
  places: ['062-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am'],
  year: 2024,
  giftMax: 50,
  receiptsPercent: 40,
  receipts: 60,
};
const EVENTS = 400;
const LOOK_MS = 10;
const WAIT_MS_MAX = 30_000;

async function logOf(seed: number, count: number): Promise<EventLog> {
  const log = openMemoryLog();
  for (const { events, ...append } of bookHistory(SHAPE, randomFrom(seed))) {
    await log.append(append);
    if ((events.at(-1)?.position ?? 0) >= count) break;
  }
  return log;
}

async function rowsOf(store: Store): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const { tables } of fundProjections)
    for (const [table, { columns, key }] of Object.entries(tables)) {
      const sql = `select ${Object.keys(columns).join(', ')} from ${table} order by ${key.join(', ')}`;
      found[table] = (await store.all<object>(sql, [])).map((row) => ({ ...row }));
    }
  return found;
}

/** What one run from empty makes of a log, in another database. */
async function replayOf(log: EventLog): Promise<Record<string, unknown[]>> {
  const store = openStore(':memory:', { isScratch: true });
  await catchUp(await createProjector({ log, store, projections: fundProjections }));
  const rows = await rowsOf(store);
  store.close();
  return rows;
}

describe.skipIf(!hasParts('postgres'))('read models in PostgreSQL', { timeout: 120_000 }, () => {
  let server: PostgresServer;
  let admin: Database;
  const opened: Database[] = [];
  let schemas = 0;

  const database = async (schema?: string): Promise<{ store: Store; models: ReadModels; schema: string }> => {
    const name = schema ?? `race_${(schemas += 1)}`;
    await ensureSchema(admin, name);
    const own = openDatabase({ url: server.url, schema: name, connectionsMax: 2, pipeline: true });
    opened.push(own);
    return { store: openPostgresStore(own), models: openPostgresReadModels(own), schema: name };
  };
  /** Until somebody waits for a lock: then what they wait for has been shown to hold them. */
  const untilSomebodyWaits = async (): Promise<void> => {
    const end = Date.now() + WAIT_MS_MAX;
    while ((await admin.query('select 1 from pg_locks where not granted')).length === 0) {
      if (Date.now() > end) throw new Error('nobody waits for a lock');
      await sleep(LOOK_MS);
    }
  };

  beforeAll(async () => {
    // Durable: what a crash takes back must be what we asked for, not what the test set-up gave away.
    server = await startPostgres();
    admin = openDatabase({ url: server.url, connectionsMax: 1 });
    opened.push(admin);
  });
  afterAll(async () => {
    await Promise.all(opened.map((one) => one.close()));
    await server.stop();
  });

  test('written by one runner make the next one wait for its page, and shut it out after', async () => {
    const log = await logOf(1, 60);
    const a = await database();
    const b = await database(a.schema);
    const gate = Promise.withResolvers<void>();
    const inside = Promise.withResolvers<void>();
    let pages = 0;
    const slow: Store = {
      ...a.store,
      transaction: (work, durability) =>
        a.store.transaction(async (tx) => {
          const result = await work(tx);
          if ((pages += 1) === 3) {
            inside.resolve();
            await gate.promise;
          }
          return result;
        }, durability),
    };
    // The first transaction prepares; the third is the second page.
    const first = await createProjector({ log, store: slow, projections: fundProjections, pageEvents: 10 });
    await first.step();
    const page = first.step();
    await inside.promise;
    const taking = createProjector({ log, store: b.store, projections: fundProjections, pageEvents: 10 });
    await untilSomebodyWaits();
    gate.resolve();
    expect(await page).toBe(true);
    const second = await taking;
    // It sees the page it waited for.
    expect(new Set(second.builds().map(({ position }) => position))).toStrictEqual(new Set([20]));
    await expect(first.step()).rejects.toThrow(FencedError);
    await expect(first.step()).rejects.toThrow(FencedError);
    await catchUp(second);
    expect(await rowsOf(b.store)).toStrictEqual(await replayOf(log));
  });

  test('fought over by runners that start again and again are what a replay makes', async () => {
    const log = await logOf(2, EVENTS);
    const head = await log.head();
    const { schema } = await database();
    let fenced = 0;
    const fight = async (seed: number): Promise<void> => {
      const random = randomFrom(seed);
      const { store } = await database(schema);
      for (let round = 0; round < 12; round += 1) {
        const pageEvents = 5 + random(20);
        const projector = await createProjector({ log, store, projections: fundProjections, pageEvents });
        try {
          for (let step = random(6); step >= 0; step -= 1) await projector.step();
        } catch (error) {
          if (!(error instanceof FencedError)) throw error;
          fenced += 1;
        }
      }
    };
    await Promise.all([11, 12, 13].map(fight));
    expect(fenced).toBeGreaterThan(0);
    const { store, models } = await database(schema);
    await catchUp(await createProjector({ log, store, projections: fundProjections }));
    expect(new Set((await models.status()).map(({ position }) => position))).toStrictEqual(new Set([head]));
    expect(await rowsOf(store)).toStrictEqual(await replayOf(log));
  });

  test('are one state for the whole of a read, and are not switched under it', async () => {
    const log = await logOf(3, 60);
    const { store, models, schema } = await database();
    const projector = await createProjector({ log, store, projections: fundProjections, pageEvents: 30 });
    await projector.step();
    const other = await database(schema);
    const read = models.db.transaction().execute(async (trx) => {
      const look = async (): Promise<unknown> => {
        const { rows } = await sqlOf(trx, 'select * from projection_builds order by name, build');
        const lines = await sqlOf(trx, 'select * from journal_line order by position, line');
        return [rows, lines.rows];
      };
      const before = await look();
      await projector.step();
      expect(await look()).toStrictEqual(before);
      await projector.rebuild('journal');
      const switching = catchUp(projector);
      await untilSomebodyWaits();
      expect(await look()).toStrictEqual(before);
      return { switching };
    });
    await (
      await read
    ).switching;
    const journal = (await other.models.status()).filter(({ name }) => name === 'journal');
    expect(journal).toMatchObject([{ build: 2, served: true, fault: null }]);
    expect(await rowsOf(store)).toStrictEqual(await replayOf(log));
  });

  test('catch up through a server that is restarted, and through one that crashes', async () => {
    const log = await logOf(4, EVENTS);
    const replay = await replayOf(log);
    for (const fault of ['restart', 'crash'] as const) {
      const { store } = await database();
      const projector = await createProjector({ log, store, projections: fundProjections, pageEvents: 7 });
      let pages = 0;
      let back: Promise<void> | undefined;
      const onProgress = (): void => {
        pages += 1;
        if (pages === 20)
          back = fault === 'crash' ? server.kill().then(() => server.restart()) : server.restart();
      };
      // More waits than a start of the server takes on any machine.
      await catchUp(projector, { onProgress, retryWaitsMs: Array(200).fill(300) as number[] });
      await back;
      expect(await rowsOf(store)).toStrictEqual(replay);
    }
  });

  test('that a crash took back by some pages go on from where they stand', async () => {
    const log = await logOf(5, 120);
    const { store } = await database();
    const projector = await createProjector({ log, store, projections: fundProjections, pageEvents: 10 });
    for (let page = 0; page < 3; page += 1) await projector.step();
    // What a crash does to pages whose commit was not waited for: rows and checkpoint stand as they were before.
    await takenBack(store, 10);
    await catchUp(projector);
    expect(await rowsOf(store)).toStrictEqual(await replayOf(log));
  });

  /** Makes the tables what they were at an earlier position, fences untouched. */
  async function takenBack(store: Store, position: number): Promise<void> {
    const log = await logOf(5, 120);
    const scratch = await database();
    const short = { ...log, head: async () => position };
    await catchUp(
      await createProjector({
        log: short,
        store: scratch.store,
        projections: fundProjections,
        pageEvents: 10,
      }),
    );
    for (const { tables, version } of fundProjections)
      for (const table of Object.keys(tables)) {
        const physical = `${table}_v${version}_1`;
        await store.run(`delete from ${physical}`, [[]]);
        await store.run(`insert into ${physical} select * from ${scratch.schema}.${physical}`, [[]]);
      }
    await store.run('update projection_builds set position = ?', [[position]]);
  }
});

const sqlOf = (trx: Kysely<never>, text: string) => sql.raw<object>(text).execute(trx);
