import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteLogReader } from '#event-log';
import { rootOf, rowOf } from '../campaign.ts';
import { checkLog, eventsOf } from '../checker.ts';
import type { FaultOptions, FaultRow } from '../fault.ts';
import { createJournal } from '../journal.ts';
import { FUNDS, type Load, type Target, command, furnish, receipt, settle, startLoad } from '../load.ts';
import { type Random, seeded } from '../random.ts';
import { checkBus } from './bus-checker.ts';
import { type Cluster, startCluster } from './cluster.ts';

/** Everything answers again and lag is 0 within this after a fault (I11): a lease and a session have to run out. */
const RECOVERY_MS_MAX = 60_000;
const CLIENTS = 8;
const LOOK_MS = 50;

export interface ClusterScene extends Target {
  readonly cluster: Cluster;
  readonly random: Random;
  load(): Load;
  count(figure: string, by?: number): void;
}

export interface ClusterCampaign {
  readonly fault: string;
  readonly brokers?: 1 | 3;
  /** One fault under load; whoever returns has started again and resumed what it ended or stopped. */
  readonly round: (scene: ClusterScene, round: number) => Promise<void>;
}

/**
 * Rounds of a fault against the distributed shape. After each, a command is accepted again and reads include it.
 * At the end the log is held against the clients' list, the topic against the log (I9), and the balances in
 * PostgreSQL against what clients gave.
 */
export const runClusterCampaign = async (
  { fault, brokers = 1, round: doRound }: ClusterCampaign,
  { rounds, seed, progress }: FaultOptions,
): Promise<FaultRow> => {
  const scratch = mkdtempSync(join(tmpdir(), 'lalanh-cluster-'));
  const random = seeded(seed);
  const journal = createJournal();
  const figures: Record<string, number> = {};
  let cluster: Cluster | undefined;
  let [loads, recoveredMs] = [0, 0];
  try {
    cluster = await startCluster(scratch, brokers);
    const running = cluster;
    const urlOf = (role: 'ledger' | 'reports'): string => running.of(role)[0]?.url() ?? '';
    const scene: ClusterScene = {
      cluster: running,
      random,
      journal,
      base: () => urlOf('ledger'),
      reads: () => urlOf('reports'),
      load: () => startLoad(scene, random, `load-${(loads += 1)}`, CLIENTS),
      count: (figure, by = 1) => (figures[figure] = (figures[figure] ?? 0) + by),
    };
    await furnish(scene, random.fork('furnish'));
    for (let round = 1; round <= rounds; round += 1) {
      await doRound(scene, round);
      const healed = performance.now();
      for (const service of running.services) {
        if (!service.isRunning()) scene.count('endedByItself');
        await service.restart();
      }
      recoveredMs = Math.max(recoveredMs, await recover(scene, random.fork(`recover-${round}`), healed));
      await settle(scene, RECOVERY_MS_MAX);
      journal.roots.push(await rootOf(running.folder));
      progress(`${fault}: round ${round} of ${rounds}, ${journal.entries.size} commands`);
    }
    await checkBalances(scene);
    const log = openSqliteLogReader(running.folder);
    const events = await Array.fromAsync(eventsOf(log));
    await log.close();
    const checked = await checkLog(events, journal);
    const bus = await checkBus(running.kafka.bootstrap, events);
    return {
      fault,
      shape: 'distributed',
      rounds,
      ...rowOf(checked),
      recoveredMs: Math.round(recoveredMs),
      violations: [...checked.violations, ...bus.violations],
      figures: {
        ...figures,
        ...Object.fromEntries(journal.reasons),
        messages: bus.messages,
        repeatedMessages: bus.repeated,
      },
    };
  } finally {
    await cluster?.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
};

/** Milliseconds until a command is accepted and a read in PostgreSQL includes it. */
const recover = async (scene: ClusterScene, random: Random, healed: number): Promise<number> => {
  let position: number | undefined;
  let waitsFor = 'a command to be accepted';
  while (performance.now() - healed < RECOVERY_MS_MAX) {
    if (position === undefined) {
      const settled = await command(scene, random, '/v1/receipts', receipt(random));
      if (settled?.kind === 'acknowledged') position = settled.position ?? undefined;
    }
    if (position !== undefined) {
      waitsFor = await readAt(scene, position);
      if (waitsFor === '') return performance.now() - healed;
    }
    await sleep(LOOK_MS);
  }
  const said = scene.cluster.services.map(({ name, said }) => `${name}: ${said().slice(-200)}`).join('; ');
  const detail = `after ${RECOVERY_MS_MAX} ms waiting for ${waitsFor}; ${said}`;
  scene.journal.report({ invariant: 'I11', detail });
  return performance.now() - healed;
};

const readAt = async ({ reads }: ClusterScene, position: number): Promise<string> => {
  try {
    const url = `${reads?.()}/v1/balances/fund?atLeast=${position}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return answer.ok ? '' : await answer.text();
  } catch (error) {
    return String(error);
  }
};

/** What the read models in PostgreSQL say each fund received is what clients were told. */
const checkBalances = async ({ reads, journal }: ClusterScene): Promise<void> => {
  const expected = new Map<string, bigint>(FUNDS.map((fund) => [fund, 0n]));
  let head = 0;
  for (const { path, body, settled } of journal.entries.values()) {
    if (settled?.kind !== 'acknowledged') continue;
    head = Math.max(head, settled.position ?? 0);
    if (path !== '/v1/receipts') continue;
    const { fund, amount } = JSON.parse(body) as { readonly fund: string; readonly amount: string };
    expected.set(fund, (expected.get(fund) ?? 0n) + BigInt(amount));
  }
  const end = performance.now() + RECOVERY_MS_MAX;
  const ask = (): Promise<Response> => fetch(`${reads?.()}/v1/balances/fund?atLeast=${head}`);
  let answer = await ask();
  while (!answer.ok && performance.now() < end) answer = await ask();
  if (!answer.ok) return journal.report({ invariant: 'I11', detail: await answer.text() });
  const { rows } = (await answer.json()) as {
    readonly rows: readonly { readonly key: string; readonly sums: { readonly received: string } }[];
  };
  for (const [fund, sum] of expected) {
    const received = rows.find(({ key }) => key === fund)?.sums.received ?? '0';
    if (BigInt(received) !== sum)
      journal.report({ invariant: 'I8', detail: `${fund} received ${received}, clients gave ${sum}` });
  }
};
