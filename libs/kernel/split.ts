import { invariant } from './invariant.ts';

/**
 * Splits `total` in proportion to whole, non-negative weights so that the parts sum to the total exactly.
 * Largest remainder; ties go to the earlier part, so the result depends on the order given and on nothing
 * else. Every part is within one unit of its exact share. At least one weight must be positive.
 */
export function splitLargestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  invariant(total >= 0n && sum > 0n && weights.every((w) => w >= 0n), 'a split has a total and weights');
  const parts = weights.map((weight) => (total * weight) / sum);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (total * weight) % sum }))
    // Sorting is stable: equal remainders stay in the order given.
    .toSorted((a, b) => (a.remainder === b.remainder ? 0 : a.remainder > b.remainder ? -1 : 1));
  const left = Number(total - parts.reduce((a, b) => a + b, 0n));
  for (const { index } of byRemainder.slice(0, left)) parts[index] = (parts[index] ?? 0n) + 1n;
  return parts;
}
