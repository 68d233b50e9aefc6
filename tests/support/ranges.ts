import fc from 'fast-check';
import type { Range } from '../../libs/kernel/span.ts';

/** Ranges written the short way: `ranges(0, 5, 9, 12)` is [0,5)[9,12). For tests. */
export const ranges = (...borders: readonly number[]): Range[] =>
  borders.flatMap((from, i) =>
    i % 2 === 0 ? [{ from: BigInt(from), to: BigInt(borders[i + 1] ?? from) }] : [],
  );

/** The single units of the ranges, in order. */
export const unitsOf = (list: readonly Range[]): number[] =>
  list.flatMap(({ from, to }) => Array.from({ length: Number(to - from) }, (_, i) => Number(from) + i));

/** The set that holds these units: ascending ranges that do not touch. Written apart from `toSet`. */
export function rangesOf(units: ReadonlySet<number>): Range[] {
  const found: Range[] = [];
  for (let unit = 0; unit <= Math.max(-1, ...units); unit += 1) {
    if (!units.has(unit) || units.has(unit - 1)) continue;
    let end = unit;
    while (units.has(end)) end += 1;
    found.push({ from: BigInt(unit), to: BigInt(end) });
  }
  return found;
}

/** Any set of units below 40. */
export const anyUnits = fc.uniqueArray(fc.nat(39), { maxLength: 30 }).map((units) => new Set(units));

/** Any backing: disjoint ranges below 40 in any order. */
export const anyBacking = anyUnits.chain((units) => fc.shuffledSubarray(rangesOf(units)));
