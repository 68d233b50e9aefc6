import { BASE_CURRENCY } from '#funds';
import { type CommodityCode, isCurrency } from '#kernel';
import type { Leg, LegKind } from './leg.ts';
import type { Past } from './past.ts';

/** What the foreign money of an own account, or on its way from one, stands at in the currency of the books. */
export interface Carried {
  /** Minor units whose value is known. */
  readonly units: bigint;
  /** What they came in with. */
  readonly value: bigint;
  /** What the last revaluation added to that, or took. */
  readonly unrealised: bigint;
}

const NOTHING: Carried = { units: 0n, value: 0n, unrealised: 0n };

const keyOf = (own: string, commodity: CommodityCode): string => `${own} ${commodity}`;

export const carriedIn = (past: Past, own: string, commodity: CommodityCode): Carried =>
  past.carried.get(keyOf(own, commodity)) ?? NOTHING;

/** Adds to what an account carries, or takes from it. */
export function carry(past: Past, own: string, commodity: CommodityCode, change: Partial<Carried>): void {
  const before = carriedIn(past, own, commodity);
  const now = {
    units: before.units + (change.units ?? 0n),
    value: before.value + (change.value ?? 0n),
    unrealised: before.unrealised + (change.unrealised ?? 0n),
  };
  past.carried.set(keyOf(own, commodity), now);
  past.changed.carried(own, commodity, now);
}

/** Legs that bring value into their own account (1) or take it from there (−1). */
const SIGNS: Readonly<Partial<Record<LegKind, 1n | -1n>>> = {
  receipt: 1n,
  use: -1n,
  refund: -1n,
  expense: -1n,
};

/**
 * A leg with what it does to foreign money that is carried. Money that goes from one own account to another takes its
 * share of the value with it, on the average of the account.
 */
export function carriedLeg(past: Past, leg: Leg): Leg {
  const { kind, own, ownTo, commodity, amount, value, isUndone } = leg;
  if (own === null || commodity === BASE_CURRENCY || !isCurrency(commodity)) return leg;
  if (kind === 'money-sent' || kind === 'money-arrived') {
    const [from, to] = kind === 'money-sent' ? [own, ownTo] : [ownTo, own];
    return from === null || to === null ? leg : moved(past, leg, from, to);
  }
  const sign = SIGNS[kind];
  if (sign !== undefined && value?.commodity === BASE_CURRENCY) {
    const way = isUndone ? -sign : sign;
    carry(past, own, commodity, { units: way * amount, value: way * value.amount });
  }
  return leg;
}

function moved(past: Past, leg: Leg, from: string, to: string): Leg {
  const { commodity, amount } = leg;
  const { units, value } = carriedIn(past, from, commodity);
  const taken = amount < units ? amount : units;
  if (taken <= 0n) return leg;
  const share = (value * taken) / units;
  carry(past, from, commodity, { units: -taken, value: -share });
  carry(past, to, commodity, { units: taken, value: share });
  return share > 0n ? { ...leg, value: { amount: share, commodity: BASE_CURRENCY } } : leg;
}
