import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteLogReader } from '#event-log';
import { parseEnvelope } from '#platform';
import { openVault } from '#privacy';
import { verifyEvents } from '../../../apps/cli/verify/events.ts';
import { type Scene, rootOf, runCampaign } from '../campaign.ts';
import { eventsOf } from '../checker.ts';
import type { Fault } from '../fault.ts';
import type { Random } from '../random.ts';

const LOADED_MS = 300;
const DAMAGES = 40;
const DAMAGES_BRIEF = 15;
const FILES = ['log.db', 'log.db', 'log.db-wal', 'vault.db'] as const;
const TEXT_FIELDS = ['narrative', 'name'] as const;

/** Flips one bit, blanks some bytes or cuts the end off. */
const damage = (file: string, random: Random): void => {
  const bytes = readFileSync(file);
  if (bytes.length === 0) return;
  const at = random.between(0, bytes.length - 1);
  if (random.chance(0.2)) return truncateSync(file, at);
  if (random.chance(0.2)) bytes.fill(0, at, at + random.between(1, 512));
  else bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
  writeFileSync(file, bytes);
};

/** `named`: verify says so. `refused`: it cannot be opened or read. `cut`: a held root shows it. */
type Shown = 'named' | 'refused' | 'cut' | 'harmless' | 'served';

const lookAt = async (
  folder: string,
  held: { readonly size: number; readonly root: string },
): Promise<Shown> => {
  try {
    const findings = [...verifyEvents(folder, () => undefined)];
    if (findings.length > 0) return 'named';
    const now = await rootOf(folder);
    if (now.size < held.size) return 'cut';
    if (now.root !== held.root) return 'served';
    return (await vaultServes(folder)) ? 'harmless' : 'served';
  } catch {
    return 'refused';
  }
};

/** False when the vault gives a text that is not the one its commitment was made of. */
const vaultServes = async (folder: string): Promise<boolean> => {
  const log = openSqliteLogReader(folder);
  const vault = openVault(folder);
  try {
    for await (const recorded of eventsOf(log)) {
      const data = parseEnvelope(recorded).data as Readonly<Record<string, unknown>>;
      for (const field of TEXT_FIELDS) {
        const commitment = data[field];
        if (typeof commitment !== 'string' || !/^[0-9a-f]{64}$/.test(commitment)) continue;
        const text = await vault.get(commitment);
        if (text !== undefined && !/^(Ủng hộ lần|Nguyễn Văn) \d+$/.test(text)) return false;
      }
    }
    return true;
  } finally {
    await vault.close();
    await log.close();
  }
};

/** Damages copies of a folder whose server was killed or ended, and looks whether anybody would notice. */
const damageCopies = async (scene: Scene, times: number): Promise<void> => {
  const held = await rootOf(scene.folder);
  for (let count = 0; count < times; count += 1) {
    const copy = mkdtempSync(join(tmpdir(), 'lalanh-flip-'));
    try {
      for (const name of ['log.db', 'log.db-wal', 'vault.db', 'vault.db-wal'])
        if (existsSync(join(scene.folder, name))) copyFileSync(join(scene.folder, name), join(copy, name));
      const victim = join(copy, scene.random.pick(FILES));
      if (existsSync(victim)) damage(victim, scene.random);
      const shown = await lookAt(copy, held);
      scene.count(shown);
      if (shown === 'served')
        scene.journal.report({ invariant: 'I1', detail: `damage in ${victim} is served` });
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
};

/** Bits flip, bytes vanish and files end early on the disk; what is wrong is named or refused, never served. */
export const bitFlips: Fault = {
  name: 'bit-flips',
  shape: 'embedded',
  does: 'flipped bits, blanked bytes and cut ends in log.db, its WAL and vault.db',
  rounds: 5,
  run: (options) =>
    runCampaign(
      {
        fault: 'bit-flips',
        round: async (scene, round) => {
          const load = scene.load();
          await sleep(LOADED_MS);
          // Killed, it leaves nearly all in the WAL; ended in order, all in the database.
          if (round % 2 === 0) await scene.server().kill();
          await load.stop();
          await scene.server().stop();
          await damageCopies(scene, options.brief ? DAMAGES_BRIEF : DAMAGES);
          await scene.restart();
        },
      },
      options,
    ),
};
