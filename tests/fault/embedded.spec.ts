import { describe, expect, it } from 'vitest';
import { powerCut } from './embedded/power-cut.ts';
import { isBorne } from './fault.ts';
import { shimMissing } from './shim.ts';
import { faults } from './table.ts';

const SEED = 20231231;
const MINUTE_MS = 60_000;
/** Rounds of the short campaign where one says too little. */
const ROUNDS: Readonly<Record<string, number>> = {
  'kill-nine': 2,
  freeze: 2,
  'power-cut': 3,
  'failed-sync-cut': 2,
  'bit-flips': 2,
};
const embedded = faults.filter(({ shape }) => shape === 'embedded');
const progress = (): void => undefined;

describe('a loaded standalone ledger', () => {
  it.each(embedded)(
    'bears $name: $does',
    async ({ name, run, missing }) => {
      expect(missing?.()).toBe(undefined);
      const rounds = ROUNDS[name] ?? 1;
      const row = await run({ rounds, seed: SEED, brief: true, progress });
      expect(row.violations).toStrictEqual([]);
      expect(row).toMatchObject({ fault: name, rounds, lost: 0, duplicated: 0, phantom: 0 });
      expect(isBorne(row)).toBe(true);
      // A run in which all is refused proves nothing.
      expect(row.acknowledged).toBeGreaterThan(rounds);
    },
    2 * MINUTE_MS,
  );
});

describe('a writer that does not wait for the disk', () => {
  it.each(['NORMAL', 'OFF'] as const)(
    'does not pass the gate of power cuts with synchronous=%s',
    async (synchronous) => {
      expect(shimMissing()).toBe(undefined);
      const row = await powerCut({ rounds: 1, seed: SEED, synchronous, progress });
      expect(row.lost).toBeGreaterThan(0);
      expect(isBorne(row)).toBe(false);
    },
    2 * MINUTE_MS,
  );
});
