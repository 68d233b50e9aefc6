import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteLogReader } from '#event-log';
import { parseEnvelope } from '#platform';
import { runCampaign } from '../campaign.ts';
import { eventsOf } from '../checker.ts';
import type { Fault } from '../fault.ts';
import { shimMissing } from '../shim.ts';

const HOUR_MS = 3_600_000;
const STEPS = 5;
const STEP_MS = 120;

/** The wall clock jumps under load, and also between two starts. */
export const clockSteps: Fault = {
  name: 'clock-steps',
  shape: 'embedded',
  does: 'the wall clock jumps up to an hour forwards and backwards, also across a kill and a start',
  rounds: 10,
  missing: shimMissing,
  run: (options) =>
    runCampaign(
      {
        fault: 'clock-steps',
        shim: true,
        round: async (scene) => {
          const load = scene.load();
          for (let step = 0; step < STEPS; step += 1) {
            scene.shim?.clock(scene.random.between(-HOUR_MS, HOUR_MS));
            scene.count('steps');
            await sleep(STEP_MS);
          }
          if (scene.random.chance(0.5)) {
            await scene.server().kill();
            scene.shim?.clock(-HOUR_MS);
            await scene.restart();
          }
          await load.stop();
        },
        last: async ({ folder, journal }) => {
          const log = openSqliteLogReader(folder);
          try {
            let last = '';
            for await (const recorded of eventsOf(log)) {
              const { recordedAt } = parseEnvelope(recorded);
              if (recordedAt < last)
                journal.report({
                  invariant: 'I4',
                  detail: `position ${recorded.position} was recorded at ${recordedAt}, before ${last}`,
                });
              last = recordedAt;
            }
          } finally {
            await log.close();
          }
        },
      },
      options,
    ),
};
