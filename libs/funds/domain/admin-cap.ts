import { type CommodityCode, type Day, isCurrency } from '#kernel';
import type { AdminCap, AdminCapSet, CapJudgement, ExpenseKind } from './events-daily.ts';
import type { BookEvent, WireRange } from './events.ts';
import { type Restriction, poolKey } from './restriction.ts';
import { sizeOnWire } from './wire.ts';

/** What the cap on the fund's own costs is judged by: settings and this year's sums, never single gifts. */
export interface AdminState {
  /** In the order they were set. */
  readonly caps: AdminCapSet[];
  /** Income by currency, source and the dimensions it is restricted in. */
  readonly income: Map<string, bigint>;
  /** What corrections took away, by currency and the dimensions it was restricted in: their source is not told. */
  readonly lowered: Map<string, bigint>;
  /** Expenses by currency and kind. */
  readonly spent: Map<string, bigint>;
}

export const noAdmin = (): AdminState => ({
  caps: [],
  income: new Map(),
  lowered: new Map(),
  spent: new Map(),
});

export const forkAdmin = ({ caps, income, lowered, spent }: AdminState): AdminState => ({
  caps: [...caps],
  income: new Map(income),
  lowered: new Map(lowered),
  spent: new Map(spent),
});

const add = (sums: Map<string, bigint>, key: string, amount: bigint): void => {
  sums.set(key, (sums.get(key) ?? 0n) + amount);
};

/** The dimensions a pool's restriction speaks of: `place+purpose`; empty: a general gift. */
const dimensionsOf = (pool: string): string => Object.keys(poolKey(pool).restriction).toSorted().join('+');

const sizeOf = (units: readonly WireRange[]): bigint => sizeOnWire({ units });

/**
 * Counts what an event means for the cap. Income taken back lowers the base whatever its source was, and income
 * added by a correction does not raise it, so that a cap is never judged too high. What came in an earlier year and
 * is corrected now was not this year's income.
 */
export function countForCap({ income, lowered, spent }: AdminState, event: BookEvent): void {
  switch (event.type) {
    case 'book.income-recorded.v1':
    case 'book.receipt-recorded.v1': {
      const { commodity, source, pool, amount } = event.data;
      if (isCurrency(commodity))
        add(income, [commodity, source, dimensionsOf(pool)].join(' '), BigInt(amount));
      return;
    }
    case 'book.receipt-corrected.v1': {
      const { commodity, was, now, amount, units, originalBook } = event.data;
      if (originalBook !== null || was.source === now.source || !isCurrency(commodity)) return;
      const limits = dimensionsOf(units.pool);
      add(income, [commodity, was.source, limits].join(' '), -BigInt(amount));
      add(income, [commodity, now.source, limits].join(' '), BigInt(amount));
      return;
    }
    case 'book.donor-refunded.v1':
    case 'book.receipt-adjusted.v1': {
      const { commodity, pool, voided, originalBook } = event.data;
      if (originalBook === null) add(lowered, `${commodity} ${dimensionsOf(pool)}`, sizeOf(voided));
      return;
    }
    case 'book.receipt-reversed.v1': {
      const { commodity, pool, amount, part, originalBook } = event.data;
      if (originalBook === null && part === 1)
        add(lowered, `${commodity} ${dimensionsOf(pool)}`, BigInt(amount));
      return;
    }
    case 'book.supplier-debt-reduced.v1': {
      const { commodity, cost, amount, part, originalBook } = event.data;
      if (part === 1 && cost !== null && originalBook === null)
        add(spent, `${commodity} ${cost}`, -BigInt(amount));
      return;
    }
    case 'book.expense-recorded.v1': {
      const { commodity, kind, amount, part } = event.data;
      if (part === 1) add(spent, `${commodity} ${kind}`, BigInt(amount));
      return;
    }
    default:
  }
}

/** The cap of a day: the last one that begins on it or before. Null: none was set, or it was lifted. */
export const capOn = ({ caps }: AdminState, day: Day): AdminCap | null => {
  const begun = caps.filter(({ validFrom }) => validFrom <= day);
  const latest = begun.reduce<AdminCap | undefined>(
    (last, cap) => (last === undefined || cap.validFrom >= last.validFrom ? cap : last),
    undefined,
  );
  return latest === undefined || latest.basisPoints === null ? null : latest;
};

/** Base and expenses so far, in one currency, as a cap counts them. */
const judged = (
  cap: AdminCap,
  { income, lowered, spent }: AdminState,
  commodity: CommodityCode,
): { readonly base: bigint; readonly spent: bigint } => {
  const counts = (limits: string): boolean =>
    !limits.split('+').some((limit) => cap.without.includes(limit as keyof Restriction));
  let base = 0n;
  for (const [key, sum] of income) {
    const [of, source, limits = ''] = key.split(' ');
    if (of === commodity && counts(limits) && cap.sources.some((counted) => counted === source)) base += sum;
  }
  for (const [key, sum] of lowered) {
    const [of, limits = ''] = key.split(' ');
    if (of === commodity && counts(limits)) base -= sum;
  }
  const costs = cap.kinds.reduce((sum, kind) => sum + (spent.get(`${commodity} ${kind}`) ?? 0n), 0n);
  return { base: base > 0n ? base : 0n, spent: costs };
};

/** A judgement before it is known whether somebody allows more, with what the cap lets through at most. */
export type Judged = Omit<CapJudgement, 'overridden'> & {
  readonly approver: string | null;
  readonly most: bigint;
};

const BASIS = 10_000n;

/** What the cap says about expenses of a kind on a day; null: no cap applies. */
export function judgeByCap(
  admin: AdminState,
  commodity: CommodityCode,
  kind: ExpenseKind,
  day: Day,
): Judged | null {
  const cap = capOn(admin, day);
  if (cap === null || cap.basisPoints === null || !cap.kinds.includes(kind)) return null;
  const { base, spent } = judged(cap, admin, commodity);
  return {
    cap: cap.cap,
    basisPoints: cap.basisPoints,
    base: String(base),
    spent: String(spent),
    approver: cap.overrideApprover,
    most: (base * BigInt(cap.basisPoints)) / BASIS - spent,
  };
}

/** The settings that the next book takes over. */
export const carriedCaps = ({ caps }: AdminState, from: number): AdminCapSet[] =>
  caps.map((cap) => ({ ...cap, from }));
