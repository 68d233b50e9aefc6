import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Scene, runCampaign } from '../campaign.ts';
import type { Fault } from '../fault.ts';
import { send } from '../journal.ts';
import { receipt } from '../load.ts';
import { type FaultServer, NotStarted } from '../server.ts';

const BEFORE_MS = 200;
const FROZEN_MS = 10_000;
const FROZEN_BRIEF_MS = 800;
/** Commands that are sent to a server which was overtaken while it stood still. */
const LATE_COMMANDS = 20;

/** A second server on the folder of one that stands still; undefined when it is refused. */
const takeFolder = async (scene: Scene): Promise<FaultServer | undefined> => {
  try {
    return await scene.restart();
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    return undefined;
  }
};

/** The lock holds although its process stands still. */
const refused = async (scene: Scene, frozen: FaultServer): Promise<void> => {
  const thief = await takeFolder(scene);
  if (thief === undefined) return scene.count('refusedByLock');
  await thief.kill();
  scene.journal.report({ invariant: 'I4', detail: `a second server took the folder of ${frozen.pid}` });
};

/**
 * The lock is no lock (a file system without locks, a restored folder): the second server writes, and when the
 * first wakes up it must not get one event in.
 */
const overtake = async (scene: Scene, frozen: FaultServer): Promise<void> => {
  rmSync(join(scene.folder, 'writer.lock'), { force: true });
  const thief = await takeFolder(scene);
  if (thief === undefined) {
    // It stands still in the middle of a commit and holds the log itself: nobody else can write either.
    scene.count('shutOut');
    frozen.signal('SIGCONT');
    await frozen.stop();
    await scene.restart();
    return;
  }
  const load = scene.load(4);
  await sleep(BEFORE_MS);
  frozen.signal('SIGCONT');
  const late = Array.from({ length: LATE_COMMANDS }, () => {
    const key = scene.random.uuid();
    const body = JSON.stringify(receipt(scene.random));
    const entry = scene.journal.plan({ key, path: '/v1/receipts', actor: 'ke-toan', body });
    return send(frozen.base, scene.journal, entry);
  });
  for (const settled of await Promise.all(late))
    if (settled?.kind === 'acknowledged')
      scene.journal.report({ invariant: 'I1', detail: 'a server that was overtaken acknowledged' });
  if ((await fetch(`${frozen.base}/health/ready`)).status === 200)
    scene.journal.report({ invariant: 'I11', detail: 'a server that was overtaken calls itself ready' });
  await load.stop();
  // In order, so that what it does at its end cannot harm its successor either.
  await frozen.stop();
  scene.count('fenced');
};

/** SIGSTOP under load; meanwhile a second server tries to take the folder, with the lock and without it. */
export const freeze: Fault = {
  name: 'freeze',
  shape: 'embedded',
  does: 'SIGSTOP for 10 s and resumed; a second server tries the folder; the epoch fences the first',
  rounds: 6,
  run: (options) =>
    runCampaign(
      {
        fault: 'freeze',
        round: async (scene, round) => {
          const frozen = scene.server();
          const load = scene.load();
          await sleep(BEFORE_MS);
          frozen.signal('SIGSTOP');
          const stopped = performance.now();
          await (round % 2 === 1 ? refused : overtake)(scene, frozen);
          const left = (options.brief ? FROZEN_BRIEF_MS : FROZEN_MS) - (performance.now() - stopped);
          if (scene.server() === frozen) {
            await sleep(Math.max(0, left));
            frozen.signal('SIGCONT');
          }
          await load.stop();
        },
      },
      options,
    ),
};
