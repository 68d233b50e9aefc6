import { setTimeout as sleep } from 'node:timers/promises';
import { islandsMissing, makeIsland } from '../../support/net.ts';
import type { TcpProxy, Trouble } from '../../support/tcp-proxy.ts';
import type { Fault } from '../fault.ts';
import type { Random } from '../random.ts';
import { type ClusterScene, runClusterCampaign } from './campaign.ts';
import { onLog } from './ends.ts';
import type { LogKind } from './log.ts';

const TROUBLED_MS = 3_000;
const CUT_MS = 4_000;
/** Longer than a member's lease and a role's. */
const ISLAND_MS = 12_000;
const ISLAND_BRIEF_MS = 3_000;
const DELAY_MS_MAX = 40;
/** Bytes of answers after which a connection breaks: the server has done what was asked, the client is not told. */
const ANSWER_BYTES = { min: 400, max: 12_000 } as const;

type Part = 'database' | 'kafka' | 'log';

const proxiesOf = ({ cluster, doubleProxy }: ClusterScene, part: Part): readonly TcpProxy[] => {
  const { proxies } = cluster;
  if (part === 'log') return doubleProxy === undefined ? [] : [doubleProxy];
  return part === 'kafka' ? (proxies?.kafka ?? []) : proxies === undefined ? [] : [proxies.postgres];
};

const slow: readonly [(random: Random) => Trouble, ...((random: Random) => Trouble)[]] = [
  () => ({}),
  (random) => ({ delayMs: random.between(1, DELAY_MS_MAX) }),
  () => ({ byteByByte: true }),
  (random) => ({ dropAfter: { way: 'up', bytes: random.between(ANSWER_BYTES.min, ANSWER_BYTES.max) } }),
];

/** Troubles one after the other; each begins with new connections, and the last is left to heal by itself. */
const PHASES: Readonly<Record<string, (random: Random) => Trouble>> = {
  slow: (random) => random.pick(slow)(random),
  halfOpen: () => ({ halfOpen: true }),
};

const troubled = async (scene: ClusterScene, part: Part): Promise<void> => {
  const proxies = proxiesOf(scene, part);
  if (proxies.length === 0) throw new Error(`there is no proxy before the ${part}`);
  const own = scene.random.fork(`network-${part}`);
  const before = proxies.reduce((sum, proxy) => sum + proxy.troubled(), 0);
  const load = scene.load();
  for (const trouble of Object.values(PHASES)) {
    for (const proxy of proxies) {
      proxy.trouble(() => trouble(own));
      proxy.reset();
    }
    await sleep(TROUBLED_MS);
  }
  for (const proxy of proxies) proxy.cut();
  await sleep(CUT_MS);
  // What stalled goes on; what is half open has to be given up by whoever waits there.
  for (const proxy of proxies) proxy.heal();
  await load.stop();
  scene.count('troubledConnections', proxies.reduce((sum, proxy) => sum + proxy.troubled(), 0) - before);
};

const answersLost = async (scene: ClusterScene, part: Part): Promise<void> => {
  const proxies = proxiesOf(scene, part);
  if (proxies.length === 0) throw new Error(`there is no proxy before the ${part}`);
  const own = scene.random.fork(`answers-${part}`);
  const { min, max } = ANSWER_BYTES;
  const before = proxies.reduce((sum, proxy) => sum + proxy.troubled(), 0);
  const load = scene.load();
  for (const proxy of proxies) {
    proxy.trouble(() => ({ dropAfter: { way: 'down', bytes: own.between(min, max) } }));
    proxy.reset();
  }
  await sleep(TROUBLED_MS);
  for (const proxy of proxies) proxy.heal();
  await load.stop();
  scene.count('lostAnswers', proxies.reduce((sum, proxy) => sum + proxy.troubled(), 0) - before);
};

const PARTS: readonly (readonly [Part, readonly LogKind[]])[] = [
  ['database', ['sqlite', 'double']],
  ['kafka', ['sqlite', 'double']],
  ['log', ['double']],
];

const between: readonly Fault[] = PARTS.flatMap(([part, logs]) =>
  logs.flatMap((log) => [
    onLog(
      `network-${part}`,
      log,
      `connections to the ${part} crawl, break, are half open, then cut and healed`,
      { options: { proxied: true }, round: (scene) => troubled(scene, part) },
    ),
    onLog(
      `answers-lost-${part}`,
      log,
      `the ${part} does what it was asked, and the connection breaks within the answer`,
      { options: { proxied: true }, round: (scene) => answersLost(scene, part) },
    ),
  ]),
);

/** One service in a network of its own, whose cable is pulled under load and put back. */
const island = (name: string, log: LogKind): Fault => {
  const fault = onLog(
    `island-${name}`,
    log,
    `the network cable of ${name} pulled for longer than its lease, and put back`,
    { round: async () => undefined },
    islandsMissing,
  );
  return {
    ...fault,
    run: async (options) => {
      const { prefix, address, mainland, cut, heal, close } = makeIsland();
      try {
        return await runClusterCampaign(
          {
            fault: fault.name,
            log,
            options: {
              host: mainland,
              place: (service) => (service === name ? { prefix, address } : {}),
            },
            round: async (scene) => {
              const load = scene.load();
              await sleep(TROUBLED_MS);
              cut();
              await sleep(scene.brief ? ISLAND_BRIEF_MS : ISLAND_MS);
              heal();
              await load.stop();
            },
          },
          options,
        );
      } finally {
        close();
      }
    },
  };
};

/** Everything that a network does to a service and its parts. */
export const networks: readonly Fault[] = [
  ...between,
  island('projector-1', 'sqlite'),
  island('relay-1', 'double'),
  island('ledger-1', 'double'),
];
