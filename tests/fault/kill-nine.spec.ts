import { describe, expect, it } from 'vitest';
import { killNine } from './kill-nine.ts';

const ROUNDS = 3;
const MINUTE_MS = 60_000;

describe('a loaded server that is killed', () => {
  it(
    'has every acknowledged command once and no other, and verifies',
    async () => {
      const result = await killNine({ rounds: ROUNDS, seed: 20231231, progress: () => undefined });
      expect(result).toMatchObject({ rounds: ROUNDS, lost: 0, duplicated: 0, phantom: 0 });
      expect(result.acknowledged).toBeGreaterThan(ROUNDS);
    },
    2 * MINUTE_MS,
  );
});
