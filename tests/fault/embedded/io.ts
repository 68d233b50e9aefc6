import { setTimeout as sleep } from 'node:timers/promises';
import { runCampaign } from '../campaign.ts';
import type { Fault } from '../fault.ts';
import { type Failing, shimMissing } from '../shim.ts';
import type { Random } from '../random.ts';

/** Milliseconds of load before the calls begin to fail, and while they fail. */
const BEFORE_MS = 150;
const FAILING_MS = 400;
/** Longer than the projector waits for a fault to pass before it lets go. */
const FAILING_LONG_MS = 4_000;
/** Calls that still succeed, and calls that fail, at most. */
const AFTER_MAX = 12;
const TIMES_MAX = 60;

const FILES = ['log.db-wal', 'log.db', 'vault.db', 'snapshots.db', 'readmodels.db', '/data/'] as const;

interface Breaking {
  readonly name: string;
  readonly does: string;
  readonly failing: (random: Random) => Failing;
}

/** How many calls fail: some, or all until healed. */
const some = (random: Random): Pick<Failing, 'after' | 'times' | 'pattern'> => ({
  after: random.between(0, AFTER_MAX),
  ...(random.chance(0.7) && { times: random.between(1, TIMES_MAX) }),
  pattern: random.pick(FILES),
});

const breakings: readonly Breaking[] = [
  {
    name: 'failed-sync',
    does: 'fsync and fdatasync fail with EIO from the n-th call on, with and without having synced',
    failing: (random) => ({
      ...some(random),
      calls: ['sync'],
      error: 'EIO',
      does: random.pick(['nothing', 'all']),
    }),
  },
  {
    name: 'failed-write',
    does: 'pwrite and ftruncate fail with EIO or ENOSPC from the n-th call on: not, half or wholly done',
    failing: (random) => ({
      ...some(random),
      calls: random.pick<Failing['calls']>([['write'], ['truncate'], ['write', 'truncate']]),
      error: random.pick(['EIO', 'ENOSPC']),
      does: random.pick(['nothing', 'half', 'all']),
    }),
  },
  {
    name: 'no-handles',
    does: 'open fails with EMFILE and mmap with ENOMEM, while syncs fail so that files are opened again',
    failing: (random) => ({
      ...some(random),
      calls: random.pick<Failing['calls']>([['open', 'sync'], ['map', 'sync'], ['open']]),
      error: random.pick(['EMFILE', 'ENOMEM']),
    }),
  },
  {
    name: 'read-only',
    does: 'the disk turns read-only under the server (EROFS on every write, open, truncation, removal)',
    failing: () => ({
      calls: ['write', 'open', 'truncate', 'unlink'],
      error: 'EROFS',
      pattern: '/data/',
    }),
  },
];

/** Faults of the calls between SQLite and the disk: the server refuses or ends, and never acknowledges falsely. */
export const ioFaults: readonly Fault[] = breakings.map(({ name, does, failing }) => ({
  name,
  shape: 'embedded',
  does,
  rounds: 20,
  missing: shimMissing,
  run: (options) =>
    runCampaign(
      {
        fault: name,
        shim: true,
        round: async (scene, round) => {
          const load = scene.load();
          await sleep(BEFORE_MS);
          const isLong = round % 4 === 2;
          const own = failing(scene.random);
          scene.shim?.fail(
            isLong
              ? { ...own, calls: ['write', 'sync'], pattern: 'readmodels.db', times: -1, after: 0 }
              : own,
          );
          await sleep(isLong ? FAILING_LONG_MS : FAILING_MS);
          const killed = !isLong && scene.random.chance(0.3);
          if (killed) await scene.server().kill();
          scene.count('failedCalls', scene.shim?.heal());
          await load.stop();
          if (killed) await scene.restart();
        },
      },
      options,
    ),
}));
