import type { CommodityCode } from '#kernel';
import type { BatchTotals } from './events.ts';

/** Totals that a person declares; what is null or not among the sums was not declared. */
export interface DeclaredTotals {
  readonly count: number | null;
  readonly sums: ReadonlyMap<CommodityCode, bigint>;
}

/** Totals of the rows as they were read. */
export interface FoundTotals {
  readonly count: number;
  readonly sums: ReadonlyMap<CommodityCode, bigint>;
}

/** Two figures that should be one. `of`: `count`, or a commodity. */
export interface TotalDifference {
  readonly of: string;
  /** Null: nobody declared it. */
  readonly declared: bigint | null;
  readonly found: bigint;
}

/**
 * What declared and found totals do not have in common, the count first, then by commodity. A commodity that stands
 * in the rows is declared too: a total that leaves out a currency controls nothing of it.
 */
export function differencesOf(declared: DeclaredTotals, found: FoundTotals): TotalDifference[] {
  const count = { of: 'count', declared: countOf(declared), found: BigInt(found.count) };
  const commodities = [...new Set([...declared.sums.keys(), ...found.sums.keys()])].toSorted();
  const sums = commodities.map((of) => ({
    of,
    declared: declared.sums.get(of) ?? null,
    found: found.sums.get(of) ?? 0n,
  }));
  return [count, ...sums].filter((one) => one.declared !== one.found);
}

const countOf = ({ count }: DeclaredTotals): bigint | null => (count === null ? null : BigInt(count));

/** Totals as an event and a report tell them. */
export const toldTotals = ({ count, sums }: DeclaredTotals | FoundTotals): BatchTotals => ({
  count: count ?? 0,
  sums: [...sums]
    .map(([commodity, amount]) => ({ commodity, amount: String(amount) }))
    .toSorted((a, b) => (a.commodity < b.commodity ? -1 : 1)),
});
