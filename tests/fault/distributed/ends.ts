import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultOptions, FaultRow } from '../fault.ts';
import { type ClusterCampaign, type ClusterScene, runClusterCampaign } from './campaign.ts';
import type { LogKind } from './log.ts';
import { type Victim, victims } from './victims.ts';

const BEFORE_MS = 500;
/** How long something is gone. */
const GONE_MS = 2_000;
/** How long something stands still: longer than a member's lease (6 s), a role's (10 s) and about a session's. */
const STILL_MS = 12_000;
const STILL_BRIEF_MS = 3_000;
const ROUNDS = 5;

/** A campaign as a fault of the table. What has the double of KurrentDB for its log says so in its name. */
export const onLog = (
  name: string,
  log: LogKind,
  does: string,
  campaign: Omit<ClusterCampaign, 'fault' | 'log'>,
  missing?: () => string | undefined,
): Fault => {
  const fault = log === 'double' ? `${name}@double` : name;
  return {
    name: fault,
    shape: 'distributed',
    does,
    rounds: ROUNDS,
    ...(missing !== undefined && { missing }),
    run: (options: FaultOptions): Promise<FaultRow> =>
      runClusterCampaign({ ...campaign, fault, log }, options),
  };
};

const killed = async (scene: ClusterScene, victim: Victim): Promise<void> => {
  const load = scene.load();
  await sleep(BEFORE_MS);
  await victim.kill();
  await sleep(GONE_MS);
  await victim.restart();
  await load.stop();
};

const stopped = async (scene: ClusterScene, victim: Victim): Promise<void> => {
  const load = scene.load();
  await sleep(BEFORE_MS);
  victim.pause();
  await sleep(scene.brief ? STILL_BRIEF_MS : STILL_MS);
  victim.resume();
  await load.stop();
};

/** Who is harmed where: on both logs those whose work differs, else on one of them. */
const HARMED: readonly (readonly [name: string, logs: readonly LogKind[], brokers?: 1 | 3])[] = [
  ['ledger', ['sqlite', 'double']],
  ['relay', ['sqlite', 'double']],
  ['sequencer', ['double']],
  ['projector', ['sqlite', 'double']],
  ['reports', ['sqlite']],
  ['database', ['sqlite', 'double']],
  ['broker', ['sqlite']],
  ['leader', ['sqlite', 'double'], 3],
];

const each = (kind: 'kill' | 'stop', does: string, harm: typeof killed): Fault[] =>
  HARMED.flatMap(([name, logs, brokers = 1]) =>
    logs.map((log) => {
      const who = brokers === 3 ? 'the broker of three that leads the most partitions' : `a ${name}`;
      return onLog(`${kind}-${name}`, log, `${does.replace('WHO', who)}`, {
        options: { brokers },
        round: async (scene) => harm(scene, await (victims[name] ?? noVictim(name))(scene)),
      });
    }),
  );

const noVictim = (name: string): never => {
  throw new Error(`there is no victim ${name}`);
};

/** kill -9 and SIGSTOP of every process, the database and brokers; the database put down without a checkpoint. */
export const ends: readonly Fault[] = [
  ...each('kill', 'kill -9 of WHO under load, started again 2 s later', killed),
  ...each('stop', 'SIGSTOP of WHO under load for longer than any lease', stopped),
  ...(['sqlite', 'double'] as const).map((log) =>
    onLog('restart-database', log, 'the database restarted without a checkpoint (immediate), under load', {
      round: async (scene) => {
        const load = scene.load();
        await sleep(BEFORE_MS);
        await scene.cluster.postgres.restart('immediate');
        await load.stop();
      },
    }),
  ),
];
