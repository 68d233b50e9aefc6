import { describe, expect, it } from 'vitest';
import { isBorne } from './fault.ts';
import { faults } from './table.ts';

const SEED = 20231231;
const MINUTE_MS = 60_000;
/** The short campaign; the others are part of `npm run faults`. */
const SHORT = new Set(['kill-projector', 'kill-relay@double', 'answers-lost-database']);
const chosen = faults.filter(({ name }) => SHORT.has(name));

describe('a loaded ledger of several processes on real Kafka and PostgreSQL', () => {
  it('has faults to bear', () => {
    expect(chosen.map(({ name }) => name).toSorted()).toStrictEqual([...SHORT].toSorted());
  });

  it.each(chosen)(
    'bears $name: $does',
    async ({ name, run }) => {
      const row = await run({ rounds: 1, seed: SEED, brief: true, progress: () => undefined });
      expect(row.violations).toStrictEqual([]);
      expect(row).toMatchObject({ fault: name, lost: 0, duplicated: 0, phantom: 0 });
      expect(isBorne(row)).toBe(true);
      expect(row.acknowledged).toBeGreaterThan(1);
    },
    5 * MINUTE_MS,
  );
});
