import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { type ClusterScene, runClusterCampaign } from './campaign.ts';
import type { Role } from './cluster.ts';

const BEFORE_MS = 500;
/** How long something is gone, or stands still: longer than a lease and a session last. */
const GONE_MS = 2_000;
const STILL_MS = 10_000;
const STILL_BRIEF_MS = 3_000;

interface Victim {
  kill(): Promise<void>;
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
}

const broker = ({ cluster, random }: ClusterScene): Victim => {
  const { brokers } = cluster.kafka;
  const one = brokers[random.between(0, brokers.length - 1)];
  if (one === undefined) throw new Error('there is no broker');
  return one;
};

/** Who is harmed, by name; of several the one that the chance of the round picks. */
const victims: Readonly<Record<string, (scene: ClusterScene) => Victim>> = {
  ...Object.fromEntries(
    (['ledger', 'relay', 'projector', 'reports'] as const).map((role: Role) => [
      role,
      ({ cluster, random }: ClusterScene): Victim => {
        const all = cluster.of(role);
        const one = all[random.between(0, all.length - 1)];
        if (one === undefined) throw new Error(`there is no ${role}`);
        return {
          kill: one.kill,
          restart: one.restart,
          pause: () => one.signal('SIGSTOP'),
          resume: () => one.signal('SIGCONT'),
        };
      },
    ]),
  ),
  database: ({ cluster }) => cluster.postgres,
  broker,
};

const killed = async (scene: ClusterScene, victim: Victim): Promise<void> => {
  const load = scene.load();
  await sleep(BEFORE_MS);
  await victim.kill();
  await sleep(GONE_MS);
  await victim.restart();
  await load.stop();
};

const paused = async (scene: ClusterScene, victim: Victim, stillMs: number): Promise<void> => {
  const load = scene.load();
  await sleep(BEFORE_MS);
  victim.pause();
  await sleep(stillMs);
  victim.resume();
  await load.stop();
};

/** kill -9 and SIGSTOP of every process, the broker and the database, and a broker of three. */
export const distributedFaults: readonly Fault[] = [
  ...Object.entries(victims).flatMap(([name, choose]): Fault[] => [
    {
      name: `kill-${name}`,
      shape: 'distributed',
      does: `kill -9 of a ${name} under load, started again 2 s later`,
      rounds: 5,
      run: (options) =>
        runClusterCampaign(
          { fault: `kill-${name}`, round: (scene) => killed(scene, choose(scene)) },
          options,
        ),
    },
    {
      name: `stop-${name}`,
      shape: 'distributed',
      does: `SIGSTOP of a ${name} under load for 10 s`,
      rounds: 5,
      run: (options) =>
        runClusterCampaign(
          {
            fault: `stop-${name}`,
            round: (scene) => paused(scene, choose(scene), options.brief ? STILL_BRIEF_MS : STILL_MS),
          },
          options,
        ),
    },
  ]),
  {
    name: 'kill-one-of-three-brokers',
    shape: 'distributed',
    does: 'kill -9 of one of three brokers under load, leader of some partitions, started again 2 s later',
    rounds: 5,
    run: (options) =>
      runClusterCampaign(
        {
          fault: 'kill-one-of-three-brokers',
          brokers: 3,
          round: (scene) => killed(scene, broker(scene)),
        },
        options,
      ),
  },
];
