import { setTimeout as sleep } from 'node:timers/promises';
import { runCampaign } from '../campaign.ts';
import type { Fault } from '../fault.ts';

/** The server lives between these under load before it is killed. */
const ALIVE_MS_MIN = 60;
const ALIVE_MS_MAX = 500;

/** The standalone server is killed under load, again and again. */
export const killNine: Fault = {
  name: 'kill-nine',
  shape: 'embedded',
  does: 'kill -9 of the server under load',
  rounds: 50,
  run: (options) =>
    runCampaign(
      {
        fault: 'kill-nine',
        round: async (scene) => {
          const load = scene.load();
          await sleep(scene.random.between(ALIVE_MS_MIN, ALIVE_MS_MAX));
          await scene.server().kill();
          await load.stop();
          await scene.restart();
        },
      },
      options,
    ),
};
