import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Scene, runCampaign } from '../campaign.ts';
import type { Fault } from '../fault.ts';
import { NotStarted } from '../server.ts';
import { shimMissing } from '../shim.ts';

const BEFORE_MS = 150;
const FULL_MS = 600;
/** Longer than the projector waits for a fault to pass before it lets go. */
const FULL_LONG_MS = 4_000;
/** Bytes of the small disk, and at most so many of them left free when it is filled up. */
const DISK = '192m';
const LEFT_MAX = 400_000;

const mount = (...args: readonly string[]): boolean =>
  spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
const unmount = (folder: string): void => void spawnSync('umount', ['--lazy', folder], { stdio: 'ignore' });

/** A disk of its own, where this user may mount one; else the data folder stays where it is. */
const place = (scratch: string): string => {
  const disk = join(scratch, 'disk');
  mkdirSync(disk);
  if (process.getuid?.() === 0) mount('-t', 'tmpfs', '-o', `size=${DISK}`, 'lalanh-fault', disk);
  return join(disk, 'data');
};

const isOwnDisk = ({ scratch }: Scene): boolean =>
  statfsSync(join(scratch, 'disk')).blocks !== statfsSync(scratch).blocks;

/** Takes all space but a little, so that a commit, a checkpoint or a read model runs into the end. */
const fill = (scene: Scene): (() => void) => {
  if (!isOwnDisk(scene)) {
    scene.shim?.fail({ calls: ['write'], error: 'ENOSPC', pattern: '/data/', does: 'half', after: 20 });
    return () => scene.count('failedCalls', scene.shim?.heal());
  }
  const ballast = join(scene.scratch, 'disk', 'ballast');
  const { bavail, bsize } = statfsSync(join(scene.scratch, 'disk'));
  try {
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - scene.random.between(0, LEFT_MAX))));
  } catch (error) {
    // The server was faster and took the last of it: then the disk is full as well.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
  return () => rmSync(ballast);
};

/** Started on a disk that is read-only, the server says so and ends; nothing is invented. */
const startReadOnly = async (scene: Scene): Promise<void> => {
  const disk = join(scene.scratch, 'disk');
  if (!isOwnDisk(scene)) return;
  await scene.server().stop();
  if (!mount('-o', 'remount,ro', disk)) throw new Error('the disk cannot be made read-only');
  try {
    const server = await scene.restart();
    await server.kill();
    scene.journal.report({ invariant: 'I11', detail: 'a server started on a read-only disk' });
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    scene.count('refusedStarts');
  } finally {
    mount('-o', 'remount,rw', disk);
  }
  await scene.restart();
};

/** The disk fills up under load, and space is made again. */
export const fullDisk: Fault = {
  name: 'full-disk',
  shape: 'embedded',
  does: 'no space left in commits, checkpoints and read models; then space is made; then a read-only start',
  rounds: 10,
  missing: () => (process.getuid?.() === 0 ? undefined : shimMissing()),
  run: (options) =>
    runCampaign(
      {
        fault: 'full-disk',
        shim: true,
        place,
        clear: (scratch) => unmount(join(scratch, 'disk')),
        round: async (scene, round) => {
          const load = scene.load();
          await sleep(BEFORE_MS);
          const free = fill(scene);
          await sleep(round % 4 === 2 ? FULL_LONG_MS : FULL_MS);
          const killed = scene.random.chance(0.3);
          if (killed) await scene.server().kill();
          free();
          await load.stop();
          if (killed) await scene.restart();
        },
        last: startReadOnly,
      },
      options,
    ),
};
