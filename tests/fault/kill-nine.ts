import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteLog } from '#event-log';
import { parseEnvelope } from '#platform';
import { uuidV7 } from '../../apps/cli/bench/receipts.ts';
import { type BenchServer, runCommand, startServer } from '../../apps/cli/bench/server.ts';

export interface KillNineOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly progress: (message: string) => void;
}

export interface KillNineResult {
  readonly fault: 'kill -9';
  readonly rounds: number;
  readonly acknowledged: number;
  /** Sent, unanswered when the server died, and settled by asking again with the same key. */
  readonly unanswered: number;
  readonly lost: number;
  readonly duplicated: number;
  /** Commands in the log that no client sent. */
  readonly phantom: number;
  /** Longest time from the restart to the first answer. */
  readonly recoveredMs: number;
}

const CLIENTS = 32;
/** The server lives between these under load before it is killed. */
const ALIVE_MS_MIN = 60;
const ALIVE_MS_MAX = 500;
const PAGE = 1_000;
const FUND = 'fault-06';
const YEAR = 2024;

/** A small seeded generator (mulberry32), so that a run can be repeated. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Sent {
  readonly path: string;
  readonly body: string;
  /** `stream@revision` of the last event, once the server has answered. */
  at: string | undefined;
}

/**
 * Kills a loaded server again and again. The clients keep a list of their own: what they sent, and what was
 * acknowledged as what. At the end the log is read from disk and held against that list, and verified.
 */
export async function killNine({ rounds, seed, progress }: KillNineOptions): Promise<KillNineResult> {
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-kill-'));
  const random = seeded(seed);
  const sent = new Map<string, Sent>();
  let recoveredMs = 0;
  let unanswered = 0;
  try {
    let server = await startServer(folder);
    await ask(server, sent, '/v1/books', {
      fund: FUND,
      year: YEAR,
      name: 'Fault',
      level: 'province',
      accounts: [{ account: 'nh-1', kind: 'bank' }],
      effectiveOn: `${YEAR}-01-01`,
    });
    for (let round = 1; round <= rounds; round += 1) {
      let alive = true;
      const clients = Array.from({ length: CLIENTS }, async () => {
        while (alive) await oneGift(server, sent, random).catch(() => undefined);
      });
      await sleep(ALIVE_MS_MIN + random() * (ALIVE_MS_MAX - ALIVE_MS_MIN));
      await server.kill();
      alive = false;
      await Promise.all(clients);
      const restarted = performance.now();
      server = await startServer(folder);
      recoveredMs = Math.max(recoveredMs, performance.now() - restarted);
      unanswered += await settle(server, sent);
      progress(`round ${round} of ${rounds}: ${sent.size} commands`);
    }
    await server.stop();
    const found = await readLog(folder);
    await runCommand(folder, 'verify');
    return {
      fault: 'kill -9',
      rounds,
      unanswered,
      recoveredMs: Math.round(recoveredMs),
      ...compare(sent, found),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A receipt, and now and then the whole way of a payment, so that more than one kind of event is in flight. */
async function oneGift(server: BenchServer, sent: Map<string, Sent>, random: () => number): Promise<void> {
  const common = { fund: FUND, effectiveOn: `${YEAR}-06-01` };
  const amount = String(1_000 + Math.floor(random() * 1_000_000));
  await ask(server, sent, '/v1/receipts', {
    ...common,
    account: 'nh-1',
    source: 'voluntary',
    commodity: 'VND',
    amount,
  });
  if (random() < 0.9) return;
  const proposed = await ask(server, sent, '/v1/disbursements', {
    ...common,
    commodity: 'VND',
    amount: '1000',
    lines: [{ amount: '1000', children: 1 }],
  });
  const [event] = proposed.events;
  const steps = `/v1/disbursements/${proposed.commandId}`;
  await ask(server, sent, `${steps}/approve`, { ...common, proposalHash: event?.hash }, 'nguoi-duyet');
  await ask(server, sent, `${steps}/pay`, { ...common, account: 'nh-1' });
}

interface Answer {
  readonly commandId: string;
  readonly events: readonly { readonly at: string; readonly hash?: string }[];
}

async function ask(
  server: BenchServer,
  sent: Map<string, Sent>,
  path: string,
  body: unknown,
  actor = 'ke-toan',
): Promise<Answer> {
  const key = uuidV7();
  const command: Sent = { path: `${path} ${actor}`, body: JSON.stringify(body), at: undefined };
  sent.set(key, command);
  return post(server, key, command);
}

async function post(server: BenchServer, key: string, command: Sent): Promise<Answer> {
  const [path = '', actor = ''] = command.path.split(' ');
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key, 'lalanh-actor': actor },
    body: command.body,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
  const parsed = JSON.parse(text) as Answer;
  const at = parsed.events.at(-1)?.at;
  if (command.at !== undefined && command.at !== at)
    throw new Error(`${key} was ${command.at} and is now ${at}`);
  command.at = at;
  return parsed;
}

/** Sends again, with the same key and body, all that got no answer; gives how many those were. */
async function settle(server: BenchServer, sent: Map<string, Sent>): Promise<number> {
  const open = [...sent].filter(([, command]) => command.at === undefined);
  for (const [key, command] of open) await post(server, key, command);
  return open.length;
}

/** Last `stream@revision` of every command in the log file, with how often its events stand there. */
async function readLog(
  folder: string,
): Promise<Map<string, { at: string; events: number; ids: Set<string> }>> {
  const log = await openSqliteLog(folder);
  const found = new Map<string, { at: string; events: number; ids: Set<string> }>();
  try {
    for (let after = 0; ;) {
      const page = await log.readAll({ after, limit: PAGE });
      for (const recorded of page.events) {
        const { commandId, stream, revision, id } = parseEnvelope(recorded);
        const entry = found.get(commandId) ?? { at: '', events: 0, ids: new Set() };
        entry.at = `${stream}@${revision}`;
        entry.events += 1;
        entry.ids.add(id);
        found.set(commandId, entry);
      }
      after = page.next ?? after;
      if (page.atHead) return found;
    }
  } finally {
    await log.close();
  }
}

function compare(
  sent: ReadonlyMap<string, Sent>,
  found: Awaited<ReturnType<typeof readLog>>,
): Pick<KillNineResult, 'acknowledged' | 'lost' | 'duplicated' | 'phantom'> {
  let lost = 0;
  let duplicated = 0;
  for (const [key, { at }] of sent) {
    const entry = found.get(key);
    if (entry === undefined || entry.at !== at) lost += 1;
    else if (entry.events !== entry.ids.size) duplicated += 1;
  }
  const positions = new Set([...found.values()].map(({ at }) => at));
  return {
    acknowledged: sent.size,
    lost,
    duplicated: duplicated + (found.size - positions.size),
    phantom: [...found.keys()].filter((key) => !sent.has(key)).length,
  };
}
