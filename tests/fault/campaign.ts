import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLogReader, openSqliteLogReader } from '#event-log';
import { Frontier, hashHex, leafHash } from '#transparency';
import { type Checked, checkLog, eventsOf } from './checker.ts';
import type { FaultOptions, FaultRow } from './fault.ts';
import { type Journal, createJournal } from './journal.ts';
import { FUNDS, type Target, furnish, receipt, settle, startLoad } from './load.ts';
import { command } from './load.ts';
import { type Random, seeded } from './random.ts';
import { type FaultServer, runCommand, startServer } from './server.ts';
import { type Shim, openShim, shimLibrary } from './shim.ts';

/** Milliseconds within which everything answers again and lag is 0 after the last fault (I11). */
export const RECOVERY_MS_MAX = 30_000;
/** Clients that write at once. */
export const CLIENTS = 16;

/** What a round may lay hands on. */
export interface Scene extends Target {
  readonly folder: string;
  /** Beside the data folder: control files, proxies, copies. Removed at the end. */
  readonly scratch: string;
  readonly random: Random;
  readonly shim: Shim | undefined;
  readonly server: () => FaultServer;
  /** Starts a server on the folder in the place of one that ended. */
  restart(): Promise<FaultServer>;
  /** Starts clients that write without end. */
  load(clients?: number): { stop(): Promise<void> };
  /** Adds to a figure of the row. */
  count(figure: string, by?: number): void;
}

export interface Campaign {
  readonly fault: string;
  /** Preloads native/shim.c into the servers of this campaign. */
  readonly shim?: boolean;
  /** The data folder, when it must lie in a particular place; made inside `scratch` when absent. */
  readonly place?: (scratch: string) => string;
  /** Undoes what `place` did. */
  readonly clear?: (scratch: string) => void;
  /** Address for clients, when it is not the server's own. */
  readonly through?: (server: FaultServer) => string;
  /** One fault under load and its end. Whoever returns has stopped the load and healed what was broken. */
  readonly round: (scene: Scene, round: number) => Promise<void>;
  /** After the last round, before the server is stopped. */
  readonly last?: (scene: Scene) => Promise<void>;
}

/**
 * Runs rounds of a fault against a standalone server under load. After each, the server has to take a command
 * again within {@link RECOVERY_MS_MAX} and every command of unknown outcome is sent again until it is settled.
 * At the end the log is read from disk and held against the clients' list, and `lalanh verify --all` compares
 * every read model with a replay.
 */
export const runCampaign = async (campaign: Campaign, options: FaultOptions): Promise<FaultRow> => {
  const scratch = mkdtempSync(join(tmpdir(), 'lalanh-fault-'));
  const folder = campaign.place?.(scratch) ?? join(scratch, 'data');
  const random = seeded(options.seed);
  const journal = createJournal();
  const shim = campaign.shim && shimLibrary() !== undefined ? openShim(scratch) : undefined;
  const figures: Record<string, number> = {};
  const started: FaultServer[] = [];
  const start = async (): Promise<FaultServer> => {
    const server = await startServer(folder, shim?.env);
    started.push(server);
    return server;
  };
  let server: FaultServer | undefined;
  let loads = 0;
  let recoveredMs = 0;
  try {
    server = await start();
    const current = (): FaultServer => {
      if (server === undefined) throw new Error('no server was started');
      return server;
    };
    const scene: Scene = {
      folder,
      scratch,
      random,
      journal,
      shim,
      base: () => campaign.through?.(current()) ?? current().base,
      server: current,
      restart: async () => (server = await start()),
      load: (clients = CLIENTS) => startLoad(scene, random, `load-${(loads += 1)}`, clients),
      count: (figure, by = 1) => (figures[figure] = (figures[figure] ?? 0) + by),
    };
    await furnish(scene, random.fork('furnish'));
    for (let round = 1; round <= options.rounds; round += 1) {
      await campaign.round(scene, round);
      const healed = performance.now();
      if (!current().isRunning()) {
        scene.count('endedByItself');
        await scene.restart();
      }
      recoveredMs = Math.max(recoveredMs, await recover(scene, random.fork(`recover-${round}`), healed));
      await settle(scene, RECOVERY_MS_MAX);
      journal.roots.push(await rootOf(folder));
      options.progress(
        `${campaign.fault}: round ${round} of ${options.rounds}, ${journal.entries.size} commands`,
      );
    }
    await campaign.last?.(scene);
    reportInternal(journal);
    await checkBalance(scene);
    await current().stop();
    const checked = await checkFolder(folder, journal);
    return {
      fault: campaign.fault,
      shape: 'embedded',
      rounds: options.rounds,
      ...rowOf(checked),
      recoveredMs: Math.round(recoveredMs),
      figures: { ...figures, ...Object.fromEntries(journal.reasons) },
    };
  } finally {
    // Also those that were overtaken and may stand still.
    for (const each of started.filter((one) => one.isRunning())) await each.kill();
    shim?.close();
    campaign.clear?.(scratch);
    rmSync(scratch, { recursive: true, force: true });
  }
};

/** What a fault of the machine does to a command has a name and an advice; `INTERNAL` is a fault of the program. */
export const reportInternal = ({ reasons, report }: Journal): void => {
  const internal = reasons.get('INTERNAL') ?? 0;
  if (internal > 0) report({ invariant: 'I3', detail: `${internal} commands were answered INTERNAL` });
};

/** What a checked log says in a row. */
export const rowOf = ({
  acknowledged,
  refused,
  unanswered,
  lost,
  duplicated,
  phantom,
  violations,
}: Checked): Omit<FaultRow, 'fault' | 'shape' | 'rounds' | 'recoveredMs' | 'figures'> => ({
  acknowledged,
  refused,
  unanswered,
  lost,
  duplicated,
  phantom,
  violations,
});

/** Milliseconds since `healed` until a command is accepted, the server is ready and nothing lags behind. */
const recover = async (scene: Scene, random: Random, healed: number): Promise<number> => {
  const { journal } = scene;
  let accepted: number | undefined;
  let waitsFor = 'a command to be accepted';
  while (performance.now() - healed < RECOVERY_MS_MAX) {
    if (accepted === undefined) {
      const settled = await command(scene, random, '/v1/receipts', receipt(random));
      if (settled?.kind === 'acknowledged') accepted = performance.now() - healed;
    }
    if (accepted !== undefined) {
      waitsFor = await lagOf(scene);
      if (waitsFor === '') return accepted;
    }
    await sleep(20);
  }
  journal.report({ invariant: 'I11', detail: `after ${RECOVERY_MS_MAX} ms waiting for ${waitsFor}` });
  return performance.now() - healed;
};

/** What is not ready yet; empty when all is. */
const lagOf = async ({ server }: Scene): Promise<string> => {
  try {
    const signal = AbortSignal.timeout(2_000);
    const answer = await fetch(`${server().base}/health/ready`, { signal });
    const text = await answer.text();
    const { head, lowest } = JSON.parse(text) as { readonly head: number; readonly lowest: number };
    return answer.ok && head === lowest ? '' : text;
  } catch (error) {
    return String(error);
  }
};

/** The received sum of every fund is what clients were told, counted from their own list. */
const checkBalance = async ({ server, journal }: Scene): Promise<void> => {
  const expected = new Map<string, bigint>(FUNDS.map((fund) => [fund, 0n]));
  for (const { path, body, settled } of journal.entries.values()) {
    if (path !== '/v1/receipts' || settled?.kind !== 'acknowledged') continue;
    const { fund, amount } = JSON.parse(body) as { readonly fund: string; readonly amount: string };
    expected.set(fund, (expected.get(fund) ?? 0n) + BigInt(amount));
  }
  const signal = AbortSignal.timeout(RECOVERY_MS_MAX);
  const status = await fetch(`${server().base}/v1/status`, { signal });
  const { head } = (await status.json()) as { readonly head: number };
  const answer = await fetch(`${server().base}/v1/balances/fund?atLeast=${head}`, { signal });
  if (!answer.ok) {
    const detail = `balances answer ${answer.status}: ${await answer.text()}`;
    return journal.report({ invariant: 'I11', detail });
  }
  const { rows } = (await answer.json()) as {
    readonly rows: readonly { readonly key: string; readonly sums: { readonly received: string } }[];
  };
  for (const [fund, sum] of expected) {
    const received = rows.find(({ key }) => key === fund)?.sums.received ?? '0';
    if (BigInt(received) !== sum)
      journal.report({ invariant: 'I8', detail: `${fund} received ${received}, clients gave ${sum}` });
  }
};

/** Size and root of a log as it stands now. */
export const rootOfLog = async (
  log: Pick<EventLogReader, 'readAll'>,
): Promise<{ readonly size: number; readonly root: string }> => {
  const tree = new Frontier();
  for await (const { envelope } of eventsOf(log)) tree.push(leafHash(envelope));
  return { size: tree.size, root: hashHex(tree.root()) };
};

/** The same of a folder. */
export const rootOf = async (folder: string): ReturnType<typeof rootOfLog> => {
  const log = openSqliteLogReader(folder);
  return rootOfLog(log).finally(() => log.close());
};

/** Reads the log of a folder whose server has ended, and has `verify` compare all read models with a replay. */
export const checkFolder = async (folder: string, journal: Journal): Promise<Checked> => {
  const log = openSqliteLogReader(folder);
  let checked: Checked;
  try {
    checked = await checkLog(eventsOf(log), journal);
  } finally {
    await log.close();
  }
  const verified = await runCommand(folder, ['verify', '--all', '--format', 'json']);
  if (verified.code === 0) return checked;
  const detail = `verify ended with ${verified.code}: ${(verified.stdout || verified.stderr).slice(0, 1_000)}`;
  return { ...checked, violations: [...checked.violations, { invariant: 'I5', detail }] };
};
