import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitLargestRemainder } from './split.ts';

describe('splitting by largest remainder', () => {
  test('given equal remainders then the earlier parts get the odd units', () => {
    expect(splitLargestRemainder(100n, [1n, 1n, 1n])).toStrictEqual([34n, 33n, 33n]);
    expect(splitLargestRemainder(11n, [1n, 1n, 1n])).toStrictEqual([4n, 4n, 3n]);
  });

  test('given unequal remainders then the largest get the odd units, wherever they stand', () => {
    // Exact shares: 1.4, 2.8, 2.8 of 7.
    expect(splitLargestRemainder(7n, [1n, 2n, 2n])).toStrictEqual([1n, 3n, 3n]);
    // 0.3, 0.6, 0.9, 1.2 of 3: two odd units, to the third and the second.
    expect(splitLargestRemainder(3n, [1n, 2n, 3n, 4n])).toStrictEqual([0n, 1n, 1n, 1n]);
    expect(splitLargestRemainder(3n, [4n, 3n, 2n, 1n])).toStrictEqual([1n, 1n, 1n, 0n]);
  });

  test('given a weight of zero then that part is zero', () => {
    expect(splitLargestRemainder(10n, [0n, 3n, 0n])).toStrictEqual([0n, 10n, 0n]);
  });

  test('given nothing to split then every part is zero', () => {
    expect(splitLargestRemainder(0n, [1n, 2n])).toStrictEqual([0n, 0n]);
  });

  test('given a negative total, a negative weight or no weight then it throws', () => {
    const statement = 'a split has a total and weights';
    expect(() => splitLargestRemainder(-1n, [1n])).toThrow(statement);
    expect(() => splitLargestRemainder(1n, [2n, -1n])).toThrow(statement);
    expect(() => splitLargestRemainder(1n, [0n])).toThrow(statement);
    expect(() => splitLargestRemainder(1n, [])).toThrow(statement);
  });

  test('the parts sum to the total, lie within one unit of their share, and favour the largest remainders', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 15n),
        fc.array(fc.bigInt(0n, 10n ** 15n), { minLength: 1, maxLength: 12 }),
        (total, weights) => {
          const sum = weights.reduce((a, b) => a + b, 0n);
          fc.pre(sum > 0n);
          const parts = splitLargestRemainder(total, weights);
          expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
          const odd = parts.map((part, i) => part - (total * (weights[i] ?? 0n)) / sum);
          const remainders = weights.map((weight) => (total * weight) % sum);
          for (const extra of odd) expect(extra === 0n || extra === 1n).toBe(true);
          // Where odd units went, largest remainder first and then in order, they went to the first.
          const order = [...remainders.keys()].toSorted(
            (i, j) => Number((remainders[j] ?? 0n) - (remainders[i] ?? 0n)) || i - j,
          );
          expect(order.map((i) => odd[i])).toStrictEqual(odd.toSorted((a, b) => Number(b - a)));
        },
      ),
      { numRuns: 300 },
    );
  });
});
