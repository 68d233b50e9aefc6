import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedgerFolder } from '../../../apps/ledger/open-folder.ts';
import { bareInserts } from '../../../apps/cli/bench/bare-sqlite.ts';
import { type Row, rate, single, times } from '../../../apps/cli/bench/figures.ts';
import { load } from '../../../apps/cli/bench/load.ts';
import {
  BENEFICIARY_COUNT,
  DONOR_COUNT,
  YEAR,
  beneficiaryId,
  donorId,
  fundId,
  postRequest,
  receiptBody,
  uuidV7,
} from '../../../apps/cli/bench/receipts.ts';
import { startServer } from '../../../apps/cli/bench/server.ts';
import { type Cluster, startCluster } from '../../support/cluster/cluster.ts';
import { startKafka, startPostgres } from '../../support/parts/index.ts';
import { bareKafka, barePostgres } from './bare.ts';
import { measureLag } from './lag.ts';
import { metric, rateOf, standing, until } from './measure.ts';
import { rebuildRate } from './rebuild.ts';

export interface DistributedOptions {
  /** Events that the relay, the projectors and the rebuild are measured on, each. */
  readonly events: number;
  readonly loadMs: number;
  readonly lagSeconds: number;
  readonly progress: (message: string) => void;
}

export const QUICK = { events: 20_000, loadMs: 2_000, lagSeconds: 4 };
export const WHOLE = { events: 200_000, loadMs: 8_000, lagSeconds: 20 };

/** Floors of the issue: a 2-core VM with every part on it. */
const RELAY_FLOOR = 20_000;
const PROJECTOR_FLOOR = 20_000;
const LAG_MS_FLOOR = 1_000;
const LAG_COMMANDS = 1_000;
/** Spread over the partitions, so that several projectors have something to do. */
const FUNDS = 64;
const COMMANDS_AT_ONCE = 1_000;

/** Measures the distributed shape and, in the same run, what stands beside it: the embedded shape and bare clients. */
export async function benchDistributed(options: DistributedOptions): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-bench-'));
  // PostgreSQL runs as somebody else when we are root, and has to reach its data.
  chmodSync(folder, 0o755);
  const rows: Row[] = [];
  const add = (row: Row): void => {
    rows.push(row);
    options.progress(`${row.name}: ${row.value} ${row.unit}`);
  };
  try {
    await bareParts(folder, options, add);
    await embedded(join(folder, 'embedded'), options, add);
    await distributed(join(folder, 'distributed'), options, add);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

type Add = (row: Row) => void;

async function bareParts(folder: string, { events }: DistributedOptions, add: Add): Promise<void> {
  add(single('bare SQLite insert, 500 a commit', 'rows/s', bareInserts(folder, events, 500), null));
  const postgres = await startPostgres();
  const { bulk, single: one } = await barePostgres(postgres.url, events);
  await postgres.stop();
  add(single('bare PostgreSQL insert, 1,000 a statement', 'rows/s', bulk, null));
  add(single('bare PostgreSQL insert, 1 a transaction', 'rows/s', one, null));
  for (const brokers of [1, 3] as const) {
    const kafka = await startKafka({ brokers });
    const { produced, consumed } = await bareKafka(kafka.bootstrap, events);
    await kafka.stop();
    add(single(`bare Kafka producer, ${brokers} broker(s), acks=all`, 'messages/s', produced, null));
    add(single(`bare Kafka consumer, ${brokers} broker(s)`, 'messages/s', consumed, null));
  }
}

let sent = 0;
const nextReceipt = (): { key: string; body: string } => {
  sent += 1;
  return { key: uuidV7(), body: receiptBody(fundId(sent % FUNDS), sent % 100_000, 100_000) };
};
const nextRequest = (): string => {
  const { key, body } = nextReceipt();
  return postRequest('/v1/receipts', body, key);
};

async function embedded(folder: string, { loadMs }: DistributedOptions, add: Add): Promise<void> {
  await fill(folder, 0);
  const server = await startServer(folder);
  try {
    await load(server.port, 64, Math.min(loadMs, 2_000), nextRequest); // warm up, not counted
    add(
      await rate('embedded: single receipts, 64 connections', 'receipts/s', null, () =>
        load(server.port, 64, loadMs, nextRequest),
      ),
    );
    const at = `http://127.0.0.1:${server.port}`;
    await lagRows('embedded', at, at, add, null);
  } finally {
    await server.stop();
  }
}

async function lagRows(
  shape: string,
  ledger: string,
  reports: string,
  add: Add,
  floor: number | null,
  seconds = 4,
): Promise<void> {
  await until('reads at the head', async () => {
    const { head, lowest } = await standing(reports);
    return lowest >= head;
  });
  const { lagsMs, answersMs, perSecond } = await measureLag({
    ledger,
    reports,
    perSecond: LAG_COMMANDS,
    seconds,
    next: nextReceipt,
  });
  add(single(`${shape}: commands kept at pace ${LAG_COMMANDS}/s`, 'receipts/s', perSecond, null));
  add(times(`${shape}: answer at ${LAG_COMMANDS} commands/s`, null, answersMs));
  add(times(`${shape}: from answer to reads at ${LAG_COMMANDS} commands/s`, floor, lagsMs));
}

/** Books, donors and beneficiaries when there are none yet, then receipts, straight into the log of a folder. */
async function fill(folder: string, receipts: number): Promise<number> {
  const { ledger, log, close } = await openLedgerFolder(folder);
  const run = async (commands: readonly { handler: string; body: unknown; key: string }[]): Promise<void> => {
    const outcomes = await ledger.executeMany(commands.map((command) => ({ ...command, actor: 'ke-toan' })));
    const refused = outcomes.find((outcome) => !outcome.ok);
    if (refused && !refused.ok) throw new Error(`refused: ${refused.error.code}`);
  };
  const of = (handler: string, body: object) => ({
    handler,
    body: { ...body, effectiveOn: `${YEAR}-01-01` },
    key: uuidV7(),
  });
  const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  if ((await log.head()) === 0) {
    await run([
      ...range(DONOR_COUNT).map((n) => of('register-donor', { donor: donorId(n), kind: 'individual' })),
      ...range(BENEFICIARY_COUNT).map((n) =>
        of('register-beneficiary', { beneficiary: beneficiaryId(n), kind: 'school' }),
      ),
      ...range(FUNDS).map((n) =>
        of('open-book', {
          fund: fundId(n),
          year: YEAR,
          name: `Bench ${n}`,
          level: 'province',
          accounts: [{ account: 'nh-1', kind: 'bank' }],
        }),
      ),
    ]);
  }
  for (let at = 0; at < receipts; at += COMMANDS_AT_ONCE)
    await run(
      range(COMMANDS_AT_ONCE).map(() => {
        const { key, body } = nextReceipt();
        return { handler: 'record-receipt', body: JSON.parse(body) as unknown, key };
      }),
    );
  const head = await log.head();
  await close();
  return head;
}

async function distributed(folder: string, options: DistributedOptions, add: Add): Promise<void> {
  const { events, loadMs, lagSeconds } = options;
  // The topic and the read models exist before anything is measured; the relay and the projectors come later.
  await fill(join(folder, 'data'), 0);
  const cluster = await startCluster({ folder });
  try {
    const [ledger, relay, projector, reports] = first(cluster);
    await until('all at the head', async () => {
      const { head, lowest } = await standing(reports.url);
      return lowest >= head;
    });
    await load(portOf(ledger.url), 64, Math.min(loadMs, 2_000), nextRequest); // warm up, not counted
    add(
      await rate('distributed: ledger, single receipts, 64 connections', 'receipts/s', null, () =>
        load(portOf(ledger.url), 64, loadMs, nextRequest),
      ),
    );
    await lagRows('distributed', ledger.url, reports.url, add, LAG_MS_FLOOR, lagSeconds);

    const running = [projector];
    for (const count of [1, 2, 4]) {
      for (const one of running) await one.stop();
      await relay.stop();
      await ledger.stop();
      const before = (await standing(reports.url)).head;
      const head = await fill(join(folder, 'data'), events);
      const relayPosition = async (): Promise<number> =>
        (await metric(relay.url, 'lalanh_relay_position')) ?? before;
      const [relayed] = await Promise.all([rateOf('relay', relayPosition, before, head), relay.restart()]);
      if (count === 1)
        add(single('distributed: relay, log to Kafka', 'events/s', relayed.perSecond, RELAY_FLOOR));
      await ledger.restart();
      while (running.length < count) running.push(await cluster.add('projector'));
      const lowest = async (): Promise<number> => (await standing(reports.url)).lowest;
      const [applied] = await Promise.all([
        rateOf('projector', lowest, before, head),
        ...running.map((one) => (one.isRunning() ? undefined : one.restart())),
      ]);
      add(
        single(
          `distributed: ${count} projector(s), Kafka to PostgreSQL, all read models`,
          'events/s',
          applied.perSecond,
          count === 1 ? PROJECTOR_FLOOR : null,
        ),
      );
    }
    add(
      single(
        'distributed: rebuild of all read models to PostgreSQL',
        'events/s',
        await rebuildRate(cluster, (await standing(reports.url)).head),
        null,
      ),
    );
  } finally {
    await cluster.stop();
  }
}

const first = (cluster: Cluster) =>
  (['ledger', 'relay', 'projector', 'reports'] as const).map((kind) => {
    const [service] = cluster.of(kind);
    if (service === undefined) throw new Error(`the cluster has no ${kind}`);
    return service;
  }) as [Service, Service, Service, Service];

type Service = ReturnType<Cluster['of']>[number];

const portOf = (url: string): number => Number(new URL(url).port);
