import { Kafka, logLevel } from 'kafkajs';
import { EVENTS_TOPIC } from '#messaging';
import type { Kind, Service } from '../../support/cluster/cluster.ts';
import type { KafkaBroker } from '../../support/parts/kafka.ts';
import type { ClusterScene } from './campaign.ts';

/** Somebody who can be harmed, and made well again. */
export interface Victim {
  kill(): Promise<void>;
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
}

const METRICS_MS_MAX = 2_000;

const oneOf = <T>({ random }: ClusterScene, all: readonly T[], what: string): T => {
  const one = all[random.between(0, all.length - 1)];
  if (one === undefined) throw new Error(`there is no ${what}`);
  return one;
};

/** Whether a process of the relay plays a part now. */
const plays = async (role: string, { url }: Service): Promise<boolean> => {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(METRICS_MS_MAX) });
    return (await answer.text()).includes(`lalanh_role_held{role="${role}"} 1`);
  } catch {
    return false;
  }
};

/** Who plays a part now; anyone who could when nobody says so. */
const whoPlays = async (scene: ClusterScene, role: string): Promise<Service> => {
  const all = scene.cluster.of('relay');
  const playing = await Promise.all(all.map((one) => plays(role, one)));
  return all.find((_, index) => playing[index]) ?? oneOf(scene, all, role);
};

/** The broker that leads the most partitions of the topic. */
const leader = async ({ cluster }: ClusterScene): Promise<KafkaBroker> => {
  const { kafka } = cluster;
  const admin = new Kafka({ brokers: [...kafka.direct], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [EVENTS_TOPIC] });
  await admin.disconnect();
  const led = topics.flatMap(({ partitions }) => partitions.map(({ leader: id }) => id));
  const countOf = ({ id }: KafkaBroker): number => led.filter((one) => one === id).length;
  const [most] = kafka.brokers.toSorted((a, b) => countOf(b) - countOf(a));
  if (most === undefined) throw new Error('there is no broker');
  return most;
};

const service =
  (kind: Kind) =>
  (scene: ClusterScene): Service =>
    oneOf(scene, scene.cluster.of(kind), kind);

/** Who is harmed, by name; of several the one that plays the part, else the one that the chance of the round picks. */
export const victims: Readonly<Record<string, (scene: ClusterScene) => Victim | Promise<Victim>>> = {
  ledger: service('ledger'),
  relay: (scene) => whoPlays(scene, 'relay'),
  sequencer: (scene) => whoPlays(scene, 'sequencer'),
  projector: service('projector'),
  reports: service('reports'),
  database: ({ cluster }) => cluster.postgres,
  broker: (scene) => oneOf(scene, scene.cluster.kafka.brokers, 'broker'),
  leader,
};
