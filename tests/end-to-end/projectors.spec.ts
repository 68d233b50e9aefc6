import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EventLog, openSqliteLog } from '#event-log';
import { EVENTS_TOPIC } from '#messaging';
import { readSettings } from '#platform';
import { type Database, openDatabase } from '#postgres';
import {
  READ_MODELS_SCHEMA,
  catchUp,
  createPartitionedProjector,
  createProjector,
  openPostgresReadModels,
  openPostgresStore,
  openStore,
} from '#read-models';
import { allProjections } from '../../apps/projector/projections.ts';
import { serveRelay } from '../../apps/relay/serve.ts';
import { bookHistory, randomFrom } from '../support/book-history.ts';
import { hasParts, startKafka } from '../support/parts/index.ts';
import { type FreshDatabase, freshDatabase } from '../support/parts/shared.ts';
import { rowsOf } from '../support/rows.ts';

const MAIN = fileURLToPath(new URL('../../apps/projector/main.ts', import.meta.url));
const SHAPE = {
  funds: Array.from({ length: 24 }, (_, at) => `qbt-${at}`),
  donors: 40,
  places: ['062-2021-01-01', '058-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am', 'sach'],
  year: 2024,
  giftMax: 500,
  receiptsPercent: 60,
  receipts: 3_000,
};
/** In the log before the first projector starts, and at the end. */
const [EVENTS_BEFORE, EVENTS] = [1_500, 6_000];
/** Appends of one breath of the load. */
const BREATH = 20;
const BREATH_MS = 20;
const TEST_MS_MAX = 240_000;
const WAIT_MS_MAX = 120_000;

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + WAIT_MS_MAX;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`still not so: ${what}`);
    await sleep(100);
  }
}

describe.skipIf(!hasParts('postgres', 'kafka'))('projectors between Kafka and PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-projectors-'));
  const children: { readonly child: ChildProcess; readonly lines: string[]; url?: string }[] = [];
  const ends: (() => Promise<unknown>)[] = [];
  let home: FreshDatabase;
  let database: Database;
  let log: EventLog;
  let environment: Record<string, string>;

  beforeAll(async () => {
    const kafka = await startKafka({ brokers: 1 });
    ends.push(() => kafka.stop());
    home = await freshDatabase();
    ends.push(() => home.drop());
    database = openDatabase({ url: home.url, schema: READ_MODELS_SCHEMA });
    ends.push(database.close);
    log = await openSqliteLog(folder, { thread: false });
    ends.push(log.close);
    environment = {
      LALANH_DATA: folder,
      LALANH_KAFKA: kafka.bootstrap.join(','),
      LALANH_POSTGRES: home.url,
      LALANH_PARTITIONS: '6',
      LALANH_PORT: '0',
    };
    const relay = await serveRelay(readSettings({ ...environment, LALANH_INSTANCE: 'relay' }), {
      onFault: () => undefined,
    });
    ends.push(relay.stop);
  }, TEST_MS_MAX);
  afterAll(async () => {
    for (const { child } of children) child.kill('SIGKILL');
    for (const end of ends.toReversed()) await end();
    rmSync(folder, { recursive: true });
  });

  const start = async (instance: string): Promise<(typeof children)[number]> => {
    const child = spawn(process.execPath, ['--conditions=source', MAIN], {
      env: { ...process.env, ...environment, LALANH_INSTANCE: instance },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const started: (typeof children)[number] = { child, lines: [] };
    children.push(started);
    child.stderr?.on('data', (data: Buffer) => started.lines.push(...data.toString().split('\n')));
    await until(`${instance} serves`, async () => {
      const [, url] = started.lines.map((line) => /projector \S+: (http\S+)/.exec(line)).find(Boolean) ?? [];
      if (url !== undefined) started.url = url;
      if (child.exitCode !== null) throw new Error(started.lines.join('\n'));
      return url !== undefined;
    });
    return started;
  };
  const metric = async ({ url = '' }: (typeof children)[number], name: string): Promise<string[]> =>
    (await (await fetch(`${url}/metrics`)).text()).split('\n').filter((line) => line.startsWith(name));

  test(
    'one is killed under load and replaced while all is rebuilt: rows are those of a replay',
    async () => {
      const history = bookHistory(SHAPE, randomFrom(42));
      const appendTo = async (head: number, count: number): Promise<void> => {
        let left = count;
        while (left > 0 && (await log.head()) < head) {
          const { value } = history.next();
          const { events: _, ...one } = value;
          await log.append(one);
          left -= 1;
        }
      };
      await appendTo(EVENTS_BEFORE, Number.MAX_SAFE_INTEGER);
      const first = await start('first');
      const second = await start('second');
      const models = openPostgresReadModels(database);
      const served = async () => (await models.status()).filter((build) => build.served);

      const load = (async () => {
        while ((await log.head()) < EVENTS) {
          await appendTo(EVENTS, BREATH);
          await sleep(BREATH_MS);
        }
      })();
      await until('both own partitions, and builds follow', async () => {
        const [one, two] = [
          await metric(first, 'lalanh_projector_position{'),
          await metric(second, 'lalanh_projector_position{'),
        ];
        return one.length === 3 && two.length === 3 && (await served()).every(({ follows }) => follows);
      });

      const rebuilder = await createPartitionedProjector({
        log,
        store: openPostgresStore(database),
        projections: allProjections,
        group: 'lalanh-projector',
        topic: EVENTS_TOPIC,
        partitions: 6,
      });
      await rebuilder.rebuild('all');
      first.child.kill('SIGKILL');
      await once(first.child, 'exit');
      const third = await start('third');
      await load;
      const head = await log.head();
      await until('all stand at the head and are rebuilt', async () =>
        (await models.status()).every(
          ({ served: isServed, follows, position, build }) =>
            isServed && follows && position >= head && build === 2,
        ),
      );
      expect(await models.waitFor(head, 1_000)).toBe(true);
      expect((await models.status()).map(({ fault }) => fault)).toStrictEqual(allProjections.map(() => null));
      expect((await fetch(`${second.url}/health/ready`)).status).toBe(200);
      expect(await metric(third, 'lalanh_projector_gaps_total')).toHaveLength(1);

      const replay = openStore(join(folder, 'replay.db'));
      await catchUp(await createProjector({ log, store: replay, projections: allProjections }));
      expect(await rowsOf(openPostgresStore(database), allProjections)).toStrictEqual(
        await rowsOf(replay, allProjections),
      );
      replay.close();
      await models.close();

      // An orderly end frees the partitions at once: the other has them all long before a session would time out.
      third.child.kill('SIGTERM');
      const [code] = (await once(third.child, 'exit')) as [number];
      expect(code).toBe(0);
      await until(
        'the other has all partitions',
        async () => (await metric(second, 'lalanh_projector_position{')).length === 6,
      );
    },
    TEST_MS_MAX,
  );
});
