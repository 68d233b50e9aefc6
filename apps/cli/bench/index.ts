import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareInserts } from './bare-sqlite.ts';
import { type Machine, type Row, commit, machine, rate, single, times } from './figures.ts';
import { load } from './load.ts';
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
} from './receipts.ts';
import { type BenchServer, runCommand, startServer } from './server.ts';

export interface BenchReport {
  readonly machine: Machine;
  readonly commit: string;
  readonly rows: readonly Row[];
}

export interface BenchOptions {
  /** Sizes of the log at which reads, rebuild, verify and start are measured. */
  readonly events: readonly number[];
  /** How long each load of single receipts lasts. */
  readonly loadMs: number;
  readonly progress: (message: string) => void;
}

export const QUICK = { events: [30_000], loadMs: 2_000 };
export const WHOLE = { events: [100_000, 1_000_000], loadMs: 8_000 };

const SPREAD_BOOKS = 1_000;
const BARE_ROWS = 100_000;
const CATCH_UP_MS_MAX = 600_000;
/** Lines of one bulk request: large enough to keep the writer's groups full. */
const BULK_LINES = 20_000;
const POINT_READS = 400;
const DATED_READS = 60;

/** Runs the whole bench in temporary folders and removes them. */
export async function bench(options: BenchOptions): Promise<BenchReport> {
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-bench-'));
  const rows: Row[] = [];
  const add = (row: Row): void => {
    rows.push(row);
    options.progress(`${row.name}: ${row.value} ${row.unit}`);
  };
  try {
    const bareRows = Math.min(BARE_ROWS, options.events[0] ?? BARE_ROWS);
    add(single('bare SQLite insert, 500 a commit', 'rows/s', bareInserts(folder, bareRows, 500), null));
    add(single('bare SQLite insert, 1 a commit', 'rows/s', bareInserts(folder, bareRows / 20, 1), null));
    await singles(join(folder, 'singles'), options, add);
    for (const events of options.events) await atSize(join(folder, String(events)), events, add);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { machine: machine(), commit: commit(), rows };
}

type Add = (row: Row) => void;

/** Single receipts over HTTP: by connections, and one hot book beside many. */
async function singles(folder: string, { loadMs }: BenchOptions, add: Add): Promise<void> {
  const server = await startServer(folder);
  try {
    await openBooks(server, SPREAD_BOOKS);
    let index = 0;
    const to = (fund: () => string) => (): string => {
      index += 1;
      return postRequest('/v1/receipts', receiptBody(fund(), index % 100_000, 100_000), uuidV7());
    };
    const hot = to(() => fundId(0));
    const spread = to(() => fundId(index % SPREAD_BOOKS));
    await load(server.port, 64, Math.min(loadMs, 2_000), hot); // warm up, not counted
    for (const [connections, floor] of [
      [1, null],
      [64, 10_000],
      [256, null],
    ] as const)
      add(
        await rate(`single receipts, HTTP, ${connections} connections`, 'receipts/s', floor, () =>
          load(server.port, connections, loadMs, hot),
        ),
      );
    // Hot and spread in turn, twice, so that a drift of the machine falls on both.
    const turns = { hot: 0, spread: 0 };
    for (const name of ['spread', 'hot', 'spread', 'hot'] as const) {
      const result = await load(server.port, 64, loadMs / 2, name === 'hot' ? hot : spread);
      turns[name] += result.count / result.seconds / 2;
    }
    add(single(`one hot book, 64 connections`, 'receipts/s', turns.hot, null));
    add(single(`${SPREAD_BOOKS} spread books, 64 connections`, 'receipts/s', turns.spread, null));
    add(single('hot book / spread books', 'ratio', turns.hot / turns.spread, 1));
  } finally {
    await server.stop();
  }
}

/** Bulk load to a size, then everything that is asked of a log of that size. */
async function atSize(folder: string, events: number, add: Add): Promise<void> {
  const at = `${events.toLocaleString('en')} events`;
  let server = await startServer(folder);
  try {
    await openBooks(server, 1);
    const started = performance.now();
    add(
      await rate(`bulk receipts, NDJSON over HTTP, ${at}`, 'events/s', 40_000, async () => ({
        count: await bulk(server, events),
      })),
    );
    await caughtUp(server);
    add(
      single(
        `bulk and all projections caught up, ${at}`,
        'events/s',
        events / ((performance.now() - started) / 1000),
        null,
      ),
    );
    for (const by of ['fund', 'district', 'beneficiary', 'donor'] as const) {
      const head = await position(server);
      // The design sets floors for the first three.
      const [floorNow, floorDated] = by === 'donor' ? [null, null] : [5, 200];
      add(
        times(`balance by ${by}, now, ${at}`, floorNow, await reads(server, POINT_READS, () => pathOf(by))),
      );
      add(
        times(
          `balance by ${by}, any two dates, ${at}`,
          floorDated,
          await reads(server, DATED_READS, (i) => {
            const knownAt = 1 + Math.floor((head * ((i * 7919) % DATED_READS)) / DATED_READS);
            const month = String(1 + (i % 12)).padStart(2, '0');
            return `${pathOf(by)}&effectiveThrough=${YEAR}-${month}-15&knownAt=${knownAt}`;
          }),
        ),
      );
    }
    for (const [name, path] of BOOK_PAGES)
      add(times(`${name}, ${at}`, 100, await reads(server, BOOK_READS, path)));
    add(single(`memory of the server, ${at}`, 'MiB', server.residentMiB(), 512));
    await server.stop();
    server = await startServer(folder);
    add(single(`start, ${at}`, 'ms', server.startMs, 2_000));
  } finally {
    await server.stop();
  }
  const count = events + DONOR_COUNT + BENEFICIARY_COUNT + 1;
  const rebuilt = async (name: string, floor: number, ...which: string[]): Promise<void> => {
    const seconds = await runCommand(folder, 'rebuild', ...which);
    add(single(`rebuild, ${name}, ${at}`, 'events/s', count / seconds, floor));
  };
  await rebuilt('all projections', 50_000);
  await rebuilt('balances alone', 150_000, 'balances');
  const verifySeconds = await runCommand(folder, 'verify');
  add(single(`verify, ${at}`, 's', verifySeconds, (10 * events) / 1_000_000));
}

const BOOK_READS = 100;

/** A page somewhere in a year's book: after the last entry of a day. */
const pageAfter = (i: number): string => {
  const month = String(1 + (i % 12)).padStart(2, '0');
  return `after=${YEAR}-${month}-${String(1 + (i % 28)).padStart(2, '0')}.999999999999999.0`;
};

const bookPath = (book: string): string => `/v1/books/${fundId(0)}/${YEAR}/${book}?profile=vn-public`;

/** Pages of accounting books, each with its floor of 100 ms. */
const BOOK_PAGES: readonly (readonly [name: string, path: (index: number) => string])[] = [
  ['general journal, a page', (i) => `${bookPath('journal')}&${pageAfter(i)}`],
  ['general ledger, a page', (i) => `${bookPath('general-ledger')}&account=112&${pageAfter(i)}`],
  ['bank book, a page', (i) => `${bookPath('bank-book')}&${pageAfter(i)}`],
  [
    'detail ledger of a donor, a page',
    (i) => `${bookPath('detail-ledger')}&account=3661&by=donor&key=${donorId(i)}&${pageAfter(i)}`,
  ],
  [
    'trial balance of a month',
    (i) => `${bookPath('trial-balance')}&from=${YEAR}-${String(1 + (i % 12)).padStart(2, '0')}-01`,
  ],
  ['receipts and uses by source', () => bookPath('receipts-and-uses-by-source')],
];

const ASKED = {
  fund: '',
  district: '',
  beneficiary: `&beneficiary=${beneficiaryId(3)}`,
  donor: `&donor=${donorId(3)}`,
};

const pathOf = (by: keyof typeof ASKED): string => `/v1/balances/${by}?commodity=VND${ASKED[by]}`;

/** Donors, beneficiaries, and one book for each of the first `count` bench funds. */
async function openBooks(server: BenchServer, count: number): Promise<void> {
  const effectiveOn = `${YEAR}-01-01`;
  for (let i = 0; i < DONOR_COUNT; i += 1)
    await post(server, '/v1/donors', { donor: donorId(i), kind: 'individual', effectiveOn });
  for (let i = 0; i < BENEFICIARY_COUNT; i += 1)
    await post(server, '/v1/beneficiaries', { beneficiary: beneficiaryId(i), kind: 'school', effectiveOn });
  for (let i = 0; i < count; i += 1)
    await post(server, '/v1/books', {
      fund: fundId(i),
      year: YEAR,
      name: `Bench ${i}`,
      level: 'province',
      accounts: [{ account: 'nh-1', kind: 'bank' }],
      effectiveOn,
    });
}

async function post(server: BenchServer, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': uuidV7(), 'lalanh-actor': 'ke-toan' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Sends receipts in bulk requests one after another; gives how many were accepted. */
async function bulk(server: BenchServer, events: number): Promise<number> {
  let accepted = 0;
  for (let from = 0; from < events; from += BULK_LINES) {
    const lines: string[] = [];
    for (let i = from; i < Math.min(from + BULK_LINES, events); i += 1)
      lines.push(`{"key":"${uuidV7()}","body":${receiptBody(fundId(0), i, events)}}`);
    const answer = await fetch(`http://127.0.0.1:${server.port}/v1/receipts/bulk`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', 'lalanh-actor': 'ke-toan' },
      body: `${lines.join('\n')}\n`,
    });
    for (const line of (await answer.text()).split('\n')) if (line.includes('"status":201')) accepted += 1;
  }
  if (accepted !== events)
    throw new Error(`${events - accepted} of ${events} bulk receipts were not accepted`);
  return accepted;
}

const status = async (server: BenchServer): Promise<{ head: number; lowest: number }> =>
  (await (await fetch(`http://127.0.0.1:${server.port}/v1/status`)).json()) as {
    head: number;
    lowest: number;
  };

const position = async (server: BenchServer): Promise<number> => (await status(server)).head;

async function caughtUp(server: BenchServer): Promise<void> {
  const until = performance.now() + CATCH_UP_MS_MAX;
  for (;;) {
    const { head, lowest } = await status(server);
    if (lowest >= head) return;
    if (performance.now() > until) throw new Error(`projections stand at ${lowest} of ${head}`);
    await sleep(10);
  }
}

/** Times `count` reads one after another, in milliseconds. */
async function reads(server: BenchServer, count: number, path: (index: number) => string): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const started = performance.now();
    const answer = await fetch(`http://127.0.0.1:${server.port}${path(i)}`);
    const body = await answer.text();
    if (!answer.ok) throw new Error(`${path(i)} answered ${answer.status}: ${body.slice(0, 300)}`);
    samples.push(performance.now() - started);
  }
  return samples;
}
