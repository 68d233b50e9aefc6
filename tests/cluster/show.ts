import { setTimeout as sleep } from 'node:timers/promises';
import { donorId, fundId, receiptBody, uuidV7, YEAR } from '../../apps/cli/bench/receipts.ts';
import { metric, standing, until } from '../bench/distributed/measure.ts';
import { runOnCluster } from '../bench/distributed/rebuild.ts';
import type { Cluster } from '../support/cluster/cluster.ts';

export interface ShowOptions {
  readonly seconds: number;
  readonly say: (message: string) => void;
}

const FUNDS = 8;
const DONORS = 200;
const CLIENTS = 16;
const REPORT_MS = 1_000;

/**
 * Puts load on a running cluster through its door, kills one projector with -9 and later adds another, and at the
 * end compares every read model in PostgreSQL with a replay of the log. True when they are equal and no
 * acknowledged command is missing.
 */
export async function show(cluster: Cluster, { seconds, say }: ShowOptions): Promise<boolean> {
  const [reports] = cluster.of('reports');
  if (reports === undefined) throw new Error('the cluster has no reports');
  await open(cluster.door);
  const acknowledged = new Set<string>();
  let index = 0;
  let running = true;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (running) {
      index += 1;
      const key = uuidV7();
      const body = receiptBody(fundId(index % FUNDS), (index * 7) % 10_000, 10_000).replace(
        /,"restriction":\{[^}]*\}/,
        '',
      );
      // A command that got no answer is sent again with its key: it is the same command.
      while (!(await post(cluster.door, '/v1/receipts', body, key))) await sleep(50);
      acknowledged.add(key);
    }
  });
  const reporting = new AbortController();
  const lines = (async () => {
    while (!reporting.signal.aborted) {
      await sleep(REPORT_MS, undefined, { signal: reporting.signal }).catch(() => undefined);
      const { head, lowest } = await standing(reports.url);
      const alive = cluster.of('projector').filter((one) => one.isRunning()).length;
      say(`${acknowledged.size} acknowledged, log at ${head}, reads at ${lowest}, ${alive} projector(s)`);
    }
  })();
  const third = (seconds * 1_000) / 3;
  await sleep(third);
  const [victim] = cluster.of('projector');
  say(`kill -9 ${victim?.name} (pid ${victim?.pid})`);
  await victim?.kill();
  await sleep(third);
  const replacement = await cluster.add('projector');
  say(`${replacement.name} takes its place (pid ${replacement.pid})`);
  await sleep(third);
  running = false;
  await Promise.all(clients);
  await until('reads at the head', async () => {
    const { head, lowest } = await standing(reports.url);
    return lowest >= head && head > 0;
  });
  reporting.abort();
  await lines;
  const { head, lowest } = await standing(reports.url);
  const gaps = await Promise.all(
    cluster
      .of('projector')
      .filter((one) => one.isRunning())
      .map(({ url }) => metric(url, 'lalanh_projector_gaps_total')),
  );
  say(`load ended: ${acknowledged.size} acknowledged, log at ${head}, reads at ${lowest}`);
  say(
    `messages that Kafka lost and the log gave instead: ${gaps.reduce<number>((sum, n) => sum + (n ?? 0), 0)}`,
  );
  const recorded = await commandsOf(reports.url, head);
  const lost = [...acknowledged].filter((key) => !recorded.has(key)).length;
  say(`acknowledged and not in the log: ${lost}`);
  // The log is the folder's, or the sequence beside the read models.
  const where = (cluster.settings['LALANH_LOG'] ?? '').startsWith('sqlite:') ? '--read-models' : '--postgres';
  const verified = await runOnCluster(cluster, 'verify', '--all', where, cluster.postgres.url);
  say(`lalanh verify --all ${where}: exit ${verified.code} ${(verified.stdout || verified.stderr).trim()}`);
  return lost === 0 && verified.code === 0;
}

async function open(door: string): Promise<void> {
  const effectiveOn = `${YEAR}-01-01`;
  const must = async (path: string, body: object): Promise<void> => {
    if (!(await post(door, path, JSON.stringify({ ...body, effectiveOn }), uuidV7())))
      throw new Error(`${path} was not accepted`);
  };
  for (let n = 0; n < DONORS; n += 1) await must('/v1/donors', { donor: donorId(n), kind: 'individual' });
  for (let n = 0; n < FUNDS; n += 1)
    await must('/v1/books', {
      fund: fundId(n),
      year: YEAR,
      name: `Quỹ ${n}`,
      level: 'province',
      accounts: [{ account: 'nh-1', kind: 'bank' }],
    });
}

/** True: accepted. False: no answer, or not now. Throws when the command itself was refused. */
async function post(door: string, path: string, body: string, key: string): Promise<boolean> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key, 'lalanh-actor': 'ke-toan' };
  const answer = await fetch(`${door}${path}`, { method: 'POST', headers, body }).catch(() => undefined);
  const text = (await answer?.text().catch(() => '')) ?? '';
  if (answer !== undefined && answer.status >= 400 && answer.status < 500)
    throw new Error(`${path}: ${answer.status} ${text}`);
  return answer?.ok === true;
}

const EVENTS_PAGE = 1_000;

/** The command of every event, as the reports give the log. */
async function commandsOf(reports: string, head: number): Promise<Set<string>> {
  const commands = new Set<string>();
  for (let after = 0; after < head; after += EVENTS_PAGE) {
    const answer = await fetch(`${reports}/v1/events?after=${after}&limit=${EVENTS_PAGE}`);
    const text = await answer.text();
    for (const [, command] of text.matchAll(/"commandId":"([0-9a-f-]{36})"/g))
      if (command) commands.add(command);
  }
  return commands;
}
