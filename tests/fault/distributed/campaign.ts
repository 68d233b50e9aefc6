import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '#event-log';
import { runOnCluster } from '../../bench/distributed/rebuild.ts';
import {
  type Cluster,
  type ClusterOptions,
  type Service,
  startCluster,
} from '../../support/cluster/cluster.ts';
import { type DoubleProcess, startDoubleProcess } from '../../support/kurrent-double/process.ts';
import { type TcpProxy, startProxy } from '../../support/tcp-proxy.ts';
import { reportInternal, rootOfLog, rowOf } from '../campaign.ts';
import { checkLog } from '../checker.ts';
import type { FaultOptions, FaultRow } from '../fault.ts';
import { createJournal } from '../journal.ts';
import { FUNDS, type Load, type Target, command, furnish, receipt, settle, startLoad } from '../load.ts';
import { type Random, seeded } from '../random.ts';
import { checkMessages, readTopic } from './bus-checker.ts';
import { type LogKind, settledLog, withLog } from './log.ts';

/** Everything answers again and lag is 0 within this after a fault (I11): a lease and a session have to run out. */
export const RECOVERY_MS_MAX = 60_000;
const CLIENTS = 8;
const LOOK_MS = 50;
const READ_MS_MAX = 10_000;
const PARTITIONS = 4;
/** Characters of what a service said that stand in a violation. */
const SAID_MAX = 200;

export interface ClusterScene extends Target {
  readonly cluster: Cluster;
  readonly log: LogKind;
  /** The protocol double of KurrentDB, and the proxy before it, where the log is one and proxies were asked for. */
  readonly double: DoubleProcess | undefined;
  readonly doubleProxy: TcpProxy | undefined;
  readonly random: Random;
  readonly brief: boolean;
  /** Every process of ours. */
  services(): readonly Service[];
  load(): Load;
  count(figure: string, by?: number): void;
}

export interface ClusterCampaign {
  readonly fault: string;
  readonly log: LogKind;
  /** Of the cluster, beyond what every campaign has. */
  readonly options?: Pick<ClusterOptions, 'brokers' | 'proxied' | 'host' | 'place' | 'postgresFolder'>;
  /** One fault under load; whoever returns has started again, resumed and healed what it harmed. */
  readonly round: (scene: ClusterScene, round: number) => Promise<void>;
  /** Holds the whole log against what this fault must not have done to it. */
  readonly last?: (scene: ClusterScene, events: readonly RecordedEvent[]) => void;
}

/** Who runs: on the double two ledgers, of which each decides its books; of everything but reports two. */
const COUNT = {
  sqlite: { ledger: 1, relay: 2, projector: 2, reports: 1 },
  double: { ledger: 2, relay: 2, projector: 2, reports: 1 },
} as const;

/**
 * Rounds of a fault against the distributed shape. After each, a command is accepted again and reads include it.
 * At the end the log is held against the clients' list, the topic against the log (I9), the balances in
 * PostgreSQL against what clients gave, and every row of every read model there against a replay (I5).
 */
export const runClusterCampaign = async (
  campaign: ClusterCampaign,
  { rounds, seed, brief = false, progress }: FaultOptions,
): Promise<FaultRow> => {
  const { fault, log } = campaign;
  const scratch = mkdtempSync(join(tmpdir(), 'lalanh-faults-'));
  const random = seeded(seed);
  const journal = createJournal();
  const figures: Record<string, number> = {};
  const ends: (() => Promise<unknown>)[] = [];
  let [loads, sends, recoveredMs] = [0, 0, 0];
  try {
    const host = campaign.options?.host;
    const double =
      log === 'double' ? await startDoubleProcess({ ...(host !== undefined && { host }) }) : undefined;
    if (double !== undefined) ends.push(double.stop);
    const doubleProxy =
      double !== undefined && campaign.options?.proxied ? await startProxy(() => double.port) : undefined;
    if (doubleProxy !== undefined) ends.push(doubleProxy.close);
    const url = double?.url.replace(`:${double.port}`, `:${doubleProxy?.port ?? double.port}`);
    const cluster = await startCluster({
      ...campaign.options,
      log: url === undefined ? { kind: 'sqlite' } : { kind: 'kurrentdb', url },
      count: COUNT[log],
      partitions: PARTITIONS,
    });
    ends.push(cluster.stop);
    const services = (): readonly Service[] =>
      (['ledger', 'relay', 'projector', 'reports'] as const).flatMap(cluster.of);
    const scene: ClusterScene = {
      cluster,
      log,
      double,
      doubleProxy,
      random,
      brief,
      journal,
      services,
      // Every ledger in turn: what one was asked and did not answer, the next is asked.
      base: () => {
        const ledgers = cluster.of('ledger');
        return ledgers[(sends += 1) % ledgers.length]?.url ?? '';
      },
      reads: () => cluster.of('reports')[0]?.url ?? '',
      load: () => startLoad(scene, random, `load-${(loads += 1)}`, CLIENTS),
      count: (figure, by = 1) => (figures[figure] = (figures[figure] ?? 0) + by),
    };
    await furnish(scene, random.fork('furnish'));
    for (let round = 1; round <= rounds; round += 1) {
      await campaign.round(scene, round);
      const healed = performance.now();
      for (const service of services()) {
        if (service.isRunning()) continue;
        scene.count('endedByItself');
        await service.restart();
      }
      recoveredMs = Math.max(recoveredMs, await recover(scene, random.fork(`recover-${round}`), healed));
      await settle(scene, RECOVERY_MS_MAX);
      journal.roots.push(await withLog(cluster, log, rootOfLog));
      progress(`${fault}: round ${round} of ${rounds}, ${journal.entries.size} commands`);
    }
    const events = await withLog(cluster, log, (reader) => settledLog(reader, journal, RECOVERY_MS_MAX));
    campaign.last?.(scene, events);
    await checkBalances(scene, events.length);
    await checkRows(scene);
    reportInternal(journal);
    const { topic, partitions } = await readTopic(cluster.kafka.direct);
    const bus = checkMessages(topic, partitions, events);
    const checked = await checkLog(events, journal);
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
    for (const end of ends.toReversed()) await end();
    rmSync(scratch, { recursive: true, force: true });
  }
};

/** Milliseconds until a command is accepted and a read in PostgreSQL includes it. */
const recover = async (scene: ClusterScene, random: Random, healed: number): Promise<number> => {
  let accepted: string | undefined;
  let waitsFor = 'a command to be accepted';
  while (performance.now() - healed < RECOVERY_MS_MAX) {
    if (accepted === undefined) {
      const settled = await command(scene, random, '/v1/receipts', receipt(random));
      if (settled?.kind === 'acknowledged') accepted = settled.events.at(-1)?.at;
    }
    if (accepted !== undefined) {
      waitsFor = await readAt(scene, accepted);
      if (waitsFor === '') return performance.now() - healed;
    }
    await sleep(LOOK_MS);
  }
  const said = scene
    .services()
    .map(({ name, log }) => `${name}: ${log().slice(-SAID_MAX)}`)
    .join('; ');
  const detail = `after ${RECOVERY_MS_MAX} ms waiting for ${waitsFor}; ${said}`;
  scene.journal.report({ invariant: 'I11', detail });
  return performance.now() - healed;
};

/** Why a read does not include a place yet; empty when it does. */
const readAt = async ({ reads }: ClusterScene, place: string | number): Promise<string> => {
  try {
    const url = `${reads?.()}/v1/balances/fund?atLeast=${encodeURIComponent(place)}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(READ_MS_MAX) });
    return answer.ok ? '' : await answer.text();
  } catch (error) {
    return String(error);
  }
};

/** What the read models in PostgreSQL say each fund received is what clients were told (I8). */
const checkBalances = async (scene: ClusterScene, head: number): Promise<void> => {
  const { reads, journal } = scene;
  // That some are unsettled was reported; each of them may be in the balances or not.
  if (journal.open().length > 0) return;
  const expected = new Map<string, bigint>(FUNDS.map((fund) => [fund, 0n]));
  for (const { path, body, settled } of journal.entries.values()) {
    if (settled?.kind !== 'acknowledged' || path !== '/v1/receipts') continue;
    const { fund, amount } = JSON.parse(body) as { readonly fund: string; readonly amount: string };
    expected.set(fund, (expected.get(fund) ?? 0n) + BigInt(amount));
  }
  const end = performance.now() + RECOVERY_MS_MAX;
  let waitsFor = await readAt(scene, head);
  while (waitsFor !== '' && performance.now() < end) waitsFor = await readAt(scene, head);
  if (waitsFor !== '') return journal.report({ invariant: 'I11', detail: waitsFor });
  const signal = AbortSignal.timeout(READ_MS_MAX);
  const answer = await fetch(`${reads?.()}/v1/balances/fund?atLeast=${head}`, { signal });
  const { rows } = (await answer.json()) as {
    readonly rows: readonly { readonly key: string; readonly sums: { readonly received: string } }[];
  };
  for (const [fund, sum] of expected) {
    const received = rows.find(({ key }) => key === fund)?.sums.received ?? '0';
    if (BigInt(received) !== sum)
      journal.report({ invariant: 'I8', detail: `${fund} received ${received}, clients gave ${sum}` });
  }
};

/** `lalanh verify --all`: the log, and every row of every read model in PostgreSQL against a replay (I5). */
const checkRows = async ({ cluster, log, journal }: ClusterScene): Promise<void> => {
  const where = log === 'sqlite' ? '--read-models' : '--postgres';
  const { url } = cluster.postgres;
  const { code, stdout, stderr } = await runOnCluster(
    cluster,
    'verify',
    '--all',
    where,
    url,
    '--format',
    'json',
  );
  if (code === 0) return;
  const detail = `verify ended with ${code}: ${(stdout || stderr).slice(0, 1_000)}`;
  journal.report({ invariant: 'I5', detail });
};
