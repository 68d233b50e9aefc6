import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Scene, runCampaign } from '../campaign.ts';
import type { Fault } from '../fault.ts';

const READING_MS = 20_000;
const READING_BRIEF_MS = 1_500;
/** Twice the size at which SQLite copies the WAL back (10,000 pages of 8 KiB) when nobody reads. */
const WAL_BYTES_MAX = 2 * 10_000 * 8_192;

const walBytes = ({ folder }: Scene): number => statSync(join(folder, 'log.db-wal')).size;

/** What the server says of its WAL, which an alarm can be set on. */
const toldBytes = async ({ server }: Scene): Promise<number> => {
  const metrics = await (await fetch(`${server().base}/metrics`)).text();
  return Number(/^lalanh_wal_bytes\{file="log"\} (\d+)$/m.exec(metrics)?.[1] ?? Number.NaN);
};

/** While a reader holds one moment of the log the WAL cannot start over: it stays bounded or is told. */
const readLong = async (scene: Scene, forMs: number): Promise<void> => {
  const reader = new DatabaseSync(join(scene.folder, 'log.db'), { readOnly: true });
  reader.exec('begin');
  const count = reader.prepare('select count(*) as n from events');
  const seen = count.get()?.['n'];
  const load = scene.load();
  await sleep(forMs);
  await load.stop();
  if (count.get()?.['n'] !== seen)
    scene.journal.report({ invariant: 'I8', detail: 'a reader saw the log move within one transaction' });
  reader.exec('commit');
  reader.close();
  const [size, told] = [walBytes(scene), await toldBytes(scene)];
  scene.count('walMiB', Math.round(size / 2 ** 20));
  if (told !== size)
    scene.journal.report({ invariant: 'I11', detail: `the WAL has ${size} bytes, the metric says ${told}` });
};

/** A reader that stays open for long while others write. */
export const longReader: Fault = {
  name: 'long-reader',
  shape: 'embedded',
  does: 'a read transaction stays open for 20 s of load; the WAL starts over afterwards and is told meanwhile',
  rounds: 3,
  run: (options) =>
    runCampaign(
      {
        fault: 'long-reader',
        round: async (scene) => {
          const before = walBytes(scene);
          await readLong(scene, options.brief ? READING_BRIEF_MS : READING_MS);
          const grown = walBytes(scene);
          const load = scene.load();
          await sleep(READING_BRIEF_MS);
          await load.stop();
          // Without the reader it starts over from its beginning as soon as it is long enough.
          if (walBytes(scene) > Math.max(WAL_BYTES_MAX, grown, before))
            scene.journal.report({
              invariant: 'I11',
              detail: `the WAL still grows: ${walBytes(scene)} bytes`,
            });
        },
      },
      options,
    ),
};
