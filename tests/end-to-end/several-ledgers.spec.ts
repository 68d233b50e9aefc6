import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type EventLogReader,
  type Feed,
  type RunningSequencer,
  openKurrentFeed,
  openSequenceReader,
  runSequencer,
} from '#event-log';
import { bookKind } from '#funds';
import { parseEnvelope } from '#platform';
import { type Database, openDatabase, prepareRoles } from '#postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidV7 } from '../../apps/cli/bench/receipts.ts';
import { type KurrentDouble, openKurrentDouble } from '../support/kurrent-double/index.ts';
import { type PostgresServer, freePort, startPostgres } from '../support/parts/index.ts';
import { type Running, run } from '../support/parts/process.ts';

// Three ledgers as processes of their own, a real PostgreSQL, and as the log the protocol double of KurrentDB: what is
// shown here is that our code routes, takes over and settles, not what KurrentDB does.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const YEAR = 2024;
const FUNDS = Array.from({ length: 9 }, (_, at) => `quy-${at}`);
const CLIENTS = 16;
const READY_MS_MAX = 60_000;
/** A command is sent again until it is answered for certain; a client that waits longer shows a fault. */
const SENDS_MAX = 200;
const AGAIN_MS = 50;

interface LedgerProcess {
  readonly url: string;
  readonly process: Running;
}

let folder: string;
let postgres: PostgresServer;
let double: KurrentDouble;
let database: Database;
let feed: Feed;
let sequencer: RunningSequencer;
let sequence: EventLogReader;
let ledgers: LedgerProcess[] = [];

async function startLedger(name: string): Promise<LedgerProcess> {
  const port = await freePort();
  const log = join(folder, `${name}.log`);
  const process = run({
    command: globalThis.process.execPath,
    args: ['--conditions=source', '--disable-warning=ExperimentalWarning', join(ROOT, 'apps/ledger/main.ts')],
    cwd: ROOT,
    log,
    env: {
      ...globalThis.process.env,
      LALANH_DATA: join(folder, name),
      LALANH_LOG: double.url,
      LALANH_POSTGRES: postgres.url,
      LALANH_INSTANCE: name,
      LALANH_PORT: String(port),
    },
  });
  const url = `http://127.0.0.1:${port}`;
  for (const end = performance.now() + READY_MS_MAX; !(await isReady(url)); await sleep(AGAIN_MS))
    if (performance.now() > end || !process.isRunning()) throw new Error(readFileSync(log, 'utf8'));
  return { url, process };
}
const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
const membersSeenBy = async (url: string): Promise<number> =>
  ((await (await fetch(`${url}/health/ready`)).json()) as { members: number }).members;
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (const end = performance.now() + READY_MS_MAX; !(await holds()); await sleep(AGAIN_MS))
    if (performance.now() > end) throw new Error('it did not come about');
};
const metric = async (url: string, name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-ledgers-'));
  postgres = await startPostgres();
  double = await openKurrentDouble();
  database = openDatabase({ url: postgres.url, schema: 'sequence' });
  await prepareRoles(database, 'roles');
  feed = await openKurrentFeed({ connectionString: double.url });
  sequencer = runSequencer({ feed, database, holder: 'spec', rolesSchema: 'roles' });
  ledgers = await Promise.all(['ledger-1', 'ledger-2', 'ledger-3'].map(startLedger));
  sequence = openSequenceReader(database);
}, 120_000);

afterAll(async () => {
  await Promise.all(ledgers.map(({ process }) => process.killAll()));
  await sequence?.close();
  await sequencer?.stop();
  await feed?.close();
  await double?.close();
  await database?.close();
  await postgres?.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

interface Acknowledged {
  readonly key: string;
  readonly fund: string;
  readonly at: readonly string[];
}

/** Sends a command, to any of the ledgers, until it is answered for certain. Undefined: refused. */
async function send(
  path: string,
  body: { readonly fund: string },
  to: () => string,
  actor = 'ke-toan',
  key = uuidV7(),
): Promise<(Acknowledged & { readonly hash: string | undefined }) | undefined> {
  for (let sends = 0; sends < SENDS_MAX; sends += 1) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key, 'lalanh-actor': actor };
    const answer = await fetch(`${to()}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined);
    if (answer?.status === 201) {
      const { events } = (await answer.json()) as { events: { at: string; hash?: string }[] };
      return { key, fund: body.fund, at: events.map(({ at }) => at), hash: events[0]?.hash };
    }
    if (answer !== undefined && answer.status < 500) return undefined;
    await sleep(AGAIN_MS);
  }
  throw new Error(`${path} ${key} was not answered`);
}

/** Gifts and payments on every fund, through whichever ledger comes to hand. */
async function load(targets: () => readonly LedgerProcess[], isOver: () => boolean): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  let turn = 0;
  const anyOf = (): string => {
    const urls = targets().map(({ url }) => url);
    return urls[(turn += 1) % urls.length] ?? '';
  };
  const note = <T extends Acknowledged>(answer: T | undefined): T | undefined => {
    if (answer) acknowledged.push(answer);
    return answer;
  };
  const client = async (number: number): Promise<void> => {
    for (let round = number; !isOver(); round += 1) {
      const fund = FUNDS[round % FUNDS.length] ?? '';
      const common = { fund, effectiveOn: `${YEAR}-06-01` };
      const gift = { ...common, account: 'nh-1', source: 'voluntary', commodity: 'VND', amount: '1000' };
      note(await send('/v1/receipts', gift, anyOf));
      if (round % 4 !== 0) continue;
      const payment = { ...common, commodity: 'VND', amount: '900', lines: [{ amount: '900', children: 1 }] };
      const proposed = note(await send('/v1/disbursements', payment, anyOf));
      if (!proposed) continue;
      const approval = { ...common, proposalHash: proposed.hash };
      note(await send(`/v1/disbursements/${proposed.key}/approve`, approval, anyOf, 'nguoi-duyet'));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return acknowledged;
}

/** Everything in the sequence, once it has come to the end of the log. */
async function everything(): Promise<ReturnType<typeof parseEnvelope>[]> {
  const stored = double.store.all().filter(({ stream }) => !/^(?:command-|\$)/.test(stream)).length;
  await until(async () => (await sequence.head()) >= stored);
  const events: ReturnType<typeof parseEnvelope>[] = [];
  for (let after = 0; ;) {
    const page = await sequence.readAll({ after, limit: 1_000 });
    events.push(...page.events.map(parseEnvelope));
    if (page.atHead) return events;
    after = page.next;
  }
}

/** What is wrong with the log beside what the clients were told, in words. */
async function judge(acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const events = await everything();
  const byCommand = Map.groupBy(events, ({ commandId }) => commandId);
  const wrong = acknowledged.flatMap(({ key, at }) => {
    const recorded = (byCommand.get(key) ?? []).map(({ stream, revision }) => `${stream}@${revision}`);
    return recorded.join() === at.join()
      ? []
      : [`${key} was told ${at.join()}, the log has ${recorded.join()}`];
  });
  // The book's own evolve refuses a span that is minted twice, drawn twice or not there.
  for (const [stream, ofBook] of Map.groupBy(events, (event) => event.stream)) {
    let state = bookKind.initial(stream);
    for (const [at, event] of ofBook.entries()) {
      if (event.revision !== at) wrong.push(`${stream} has ${event.revision} in place ${at}`);
      state = bookKind.evolve(state, event as never);
    }
  }
  return wrong;
}

describe('on the protocol double of KurrentDB and a real PostgreSQL, given three ledgers under load', () => {
  const all: Acknowledged[] = [];

  it('each finds the others, and any of them takes every command', async () => {
    const [first] = ledgers;
    await until(async () => (await membersSeenBy(first?.url ?? '')) === ledgers.length);
    for (const fund of FUNDS) {
      const book = {
        fund,
        year: YEAR,
        name: fund,
        level: 'province',
        accounts: [{ account: 'nh-1', kind: 'bank' }],
        effectiveOn: `${YEAR}-01-01`,
      };
      const opened = await send('/v1/books', book, () => first?.url ?? '');
      expect(opened?.at).toStrictEqual([`book-${fund}-${YEAR}@0`]);
      if (opened) all.push(opened);
    }
    expect(await metric(first?.url ?? '', 'lalanh_commands_forwarded_total')).toBeGreaterThan(0);
  }, 60_000);

  it('one is killed: its books are taken over, and every acknowledged command is there once', async () => {
    let over = false;
    const loading = load(
      () => ledgers,
      () => over,
    );
    await sleep(1_500);
    const [killed, ...rest] = ledgers;
    await killed?.process.killAll();
    ledgers = rest;
    await until(async () => (await membersSeenBy(rest[0]?.url ?? '')) === rest.length);
    const before = all.length;
    await sleep(1_500);
    over = true;
    all.push(...(await loading));
    expect(new Set(all.slice(before).map(({ fund }) => fund))).toStrictEqual(new Set(FUNDS));
    expect(await judge(all)).toStrictEqual([]);
  }, 120_000);

  it('one is stopped for longer than its lease and wakes up again: nothing is lost or doubled', async () => {
    let over = false;
    const [stopped, other] = ledgers;
    let targets = ledgers;
    const loading = load(
      () => targets,
      () => over,
    );
    await sleep(1_000);
    targets = other ? [other] : [];
    stopped?.process.signalAll('SIGSTOP');
    await until(async () => (await membersSeenBy(other?.url ?? '')) === 1);
    await sleep(500);
    stopped?.process.signalAll('SIGCONT');
    await until(async () => (await membersSeenBy(other?.url ?? '')) === 2);
    targets = ledgers;
    await sleep(1_000);
    over = true;
    all.push(...(await loading));
    expect(await judge(all)).toStrictEqual([]);
  }, 120_000);

  it('one leaves in order: the other has its books at once, and the process ends by itself', async () => {
    const [leaving, other] = ledgers;
    process.kill(leaving?.process.pid ?? 0, 'SIGTERM');
    await leaving?.process.ended;
    ledgers = other ? [other] : [];
    let over = false;
    const loading = load(
      () => ledgers,
      () => over,
    );
    await sleep(500);
    over = true;
    all.push(...(await loading));
    expect(await judge(all)).toStrictEqual([]);
    // The judge itself: told of one more, or of another place, it says so.
    const [known] = all;
    const invented = [{ key: uuidV7(), fund: '', at: ['book-x-2024@0'] }];
    const moved = known ? [{ ...known, at: ['book-x-2024@7'] }] : [];
    expect(await judge([...all, ...invented, ...moved])).toHaveLength(2);
    expect(await membersSeenBy(other?.url ?? '')).toBe(1);
    expect(await metric(other?.url ?? '', 'lalanh_commands_total\\{outcome="accepted"\\}')).toBeGreaterThan(
      0,
    );
  }, 60_000);
});
