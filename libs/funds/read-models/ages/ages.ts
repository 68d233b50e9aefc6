import type { CommodityCode, Day } from '#kernel';

/** Last day of each age but the oldest: what a children's fund asks about. */
const AGES = [
  ['days0to30', 30],
  ['days31to90', 90],
  ['days91to180', 180],
  ['days181to365', 365],
] as const;

/** Amounts by how many days old they are. */
export type Ages = Readonly<Record<(typeof AGES)[number][0] | 'over365', bigint>>;

export const AGE_NAMES = [...AGES.map(([name]) => name), 'over365'] as const;

const DAY_MS = 86_400_000;

/** Days from one day to another; below zero: it lies ahead. */
export const daysBetween = (from: Day, to: Day): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** The age of so many days. What is dated after the day asked is no older than today. */
export const ageOf = (days: number): keyof Ages => AGES.find(([, last]) => days <= last)?.[0] ?? 'over365';

/** Amounts by age, of things with a day each. */
export function agesOf(of: readonly { readonly amount: bigint; readonly since: Day }[], on: Day): Ages {
  const sums: Record<keyof Ages, bigint> = {
    days0to30: 0n,
    days31to90: 0n,
    days91to180: 0n,
    days181to365: 0n,
    over365: 0n,
  };
  for (const { amount, since } of of) sums[ageOf(daysBetween(since, on))] += amount;
  return sums;
}

/** Amounts of one fund and commodity by age. */
export interface AgeSums {
  readonly fund: string;
  readonly commodity: CommodityCode;
  readonly ages: Ages;
  readonly total: bigint;
}
