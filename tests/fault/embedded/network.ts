import { setTimeout as sleep } from 'node:timers/promises';
import { type TcpProxy, type Trouble, startProxy } from '../../support/tcp-proxy.ts';
import { runCampaign } from '../campaign.ts';
import type { Fault } from '../fault.ts';
import type { Random } from '../random.ts';

const TROUBLED_MS = 1_500;
const CUT_MS = 300;
const DELAY_MS_MAX = 80;
/** Bytes after which a connection breaks: within the head, the body, or a later request on it. */
const BYTES_MAX = 3_000;

const troubles: readonly [(random: Random) => Trouble, ...((random: Random) => Trouble)[]] = [
  () => ({}),
  () => ({}),
  (random) => ({ delayMs: random.between(1, DELAY_MS_MAX) }),
  (random) => ({ dropAfter: { way: 'up', bytes: random.between(1, BYTES_MAX) } }),
  (random) => ({ dropAfter: { way: 'down', bytes: random.between(1, BYTES_MAX) } }),
  () => ({ resetAfterAnswer: true }),
  () => ({ byteByByte: true }),
];

/** Connections between clients and the server break, stall and crawl; at times all of them at once. */
export const network: Fault = {
  name: 'network',
  shape: 'embedded',
  does: 'lost and late answers, half-open connections, resets after the answer, one byte at a time, a cut',
  rounds: 10,
  run: async (options) => {
    let target = 0;
    const proxy: TcpProxy = await startProxy(() => target);
    try {
      return await runCampaign(
        {
          fault: 'network',
          through: ({ port }) => {
            target = port;
            return `http://127.0.0.1:${proxy.port}`;
          },
          round: async (scene) => {
            const before = proxy.troubled();
            const own = scene.random.fork('network');
            proxy.trouble(() => own.pick(troubles)(own));
            const load = scene.load();
            await sleep(TROUBLED_MS);
            // The client learns nothing at all: it waits until its own time is over.
            proxy.trouble(() => ({ halfOpen: true }));
            proxy.reset();
            await sleep(CUT_MS);
            proxy.cut();
            await sleep(CUT_MS);
            proxy.heal();
            proxy.reset();
            await load.stop();
            scene.count('troubledConnections', proxy.troubled() - before);
          },
        },
        options,
      );
    } finally {
      await proxy.close();
    }
  },
};
