/** Amounts that are tried together at most, how many one sum may have, and how many steps are taken. */
export const SUBSET_OF_MAX = 24;
export const SUBSET_SIZE_MAX = 8;
export const SUBSET_STEPS_MAX = 20_000;

/**
 * Indexes of at least two amounts that sum to the target, at most `wanted` such sets, the first found first.
 * Bounded: it gives up after {@link SUBSET_STEPS_MAX} steps, and then answers what it has.
 */
export function subsetsOf(amounts: readonly bigint[], target: bigint, wanted: number): readonly number[][] {
  const found: number[][] = [];
  const order = amounts
    .map((amount, index) => ({ amount, index }))
    .filter(({ amount }) => amount > 0n && amount < target)
    .slice(0, SUBSET_OF_MAX)
    .toSorted((a, b) => (a.amount > b.amount ? -1 : a.amount < b.amount ? 1 : a.index - b.index));
  // What is left from each place on: a branch that can not reach the target any more is not entered.
  const rest: bigint[] = [];
  for (let at = order.length - 1; at >= 0; at -= 1)
    rest[at] = (rest[at + 1] ?? 0n) + (order[at]?.amount ?? 0n);
  let steps = 0;
  const search = (from: number, left: bigint, taken: readonly number[]): void => {
    if (left === 0n && taken.length > 1) found.push(taken.toSorted((a, b) => a - b));
    if (left <= 0n || taken.length === SUBSET_SIZE_MAX) return;
    for (let at = from; at < order.length; at += 1) {
      if (found.length >= wanted || (steps += 1) > SUBSET_STEPS_MAX || left > (rest[at] ?? 0n)) return;
      const { amount, index } = order[at] as { amount: bigint; index: number };
      if (amount <= left) search(at + 1, left - amount, [...taken, index]);
    }
  };
  search(0, target, []);
  return found;
}
