import type { ByEvent, DisbursementHead, PoolUnits } from './events.ts';
import { poolKey } from './restriction.ts';
import { sizeOnWire } from './wire.ts';

/**
 * What a movement counts. `available` is what can still be promised; `received`, `movedIn`, `movedOut`,
 * `committed`, `paid` and `delivered` are net of what was undone (a return lowers `paid`, a cancellation
 * lowers `committed`). `short` is what uses hold though its receipt was reversed and nothing covers it yet.
 * `lost` is what was lost, spoiled or used up.
 * Per pool: received + movedIn − movedOut + short = available + committed + paid + lost.
 */
export const MEASURES = [
  'received',
  'available',
  'movedIn',
  'movedOut',
  'committed',
  'paid',
  'delivered',
  'short',
  'lost',
] as const;
export type Measure = (typeof MEASURES)[number];

/**
 * One change of one measure with everything a balance may be taken by. Units are counted where they are:
 * `received` by the receipt, `available` and moves by the pool's own limits, `committed`, `paid` and
 * `delivered` by the line of the disbursement. Null: not specified, which is a legal answer.
 */
export interface Movement {
  readonly measure: Measure;
  readonly amount: bigint;
  readonly commodity: string;
  readonly fund: string;
  readonly pool: string | null;
  readonly place: string | null;
  readonly programme: string | null;
  readonly group: string | null;
  readonly donor: string | null;
  readonly beneficiary: string | null;
}

/** The movements of events, for the types of a part that have any. */
export type MovementsTable<Events> = Partial<ByEvent<Events, [], Movement[]>>;

type Limits = Pick<Movement, 'place' | 'programme' | 'group' | 'beneficiary'>;

const limitsCache = new Map<string, Limits & { fund: string; commodity: string }>();
const LIMITS_CACHED_MAX = 10_000;

/** The dimensions that a pool itself fixes: the board's designation first, then the donor's restriction. */
export function limitsOf(pool: string): Limits & { fund: string; commodity: string } {
  const cached = limitsCache.get(pool);
  if (cached) return cached;
  const { fund, commodity, restriction, designation } = poolKey(pool);
  const limits = {
    fund,
    commodity,
    place: designation.place ?? restriction.place ?? null,
    programme: designation.programme ?? restriction.programme ?? null,
    group: designation.group ?? restriction.group ?? null,
    beneficiary: restriction.beneficiary ?? null,
  };
  if (limitsCache.size >= LIMITS_CACHED_MAX) limitsCache.clear();
  limitsCache.set(pool, limits);
  return limits;
}

/** One change of a measure of a pool, under the dimensions the pool fixes. */
export const byPool = (measure: Measure, pool: string, amount: bigint): Movement => ({
  measure,
  amount,
  pool,
  donor: null,
  ...limitsOf(pool),
});

/** A measure of a disbursement, line by line. */
export const byLine = (measure: Measure, fund: string, head: DisbursementHead, sign: 1n | -1n): Movement[] =>
  head.lines.map((line) => ({
    measure,
    amount: sign * BigInt(line.amount),
    commodity: head.commodity,
    fund,
    pool: null,
    place: line.place,
    programme: head.programme,
    group: head.group,
    donor: null,
    beneficiary: line.beneficiary,
  }));

/** A measure of each pool by the units an event names. */
export const perPool = (measure: Measure, drawn: readonly PoolUnits[], sign: 1n | -1n): Movement[] =>
  drawn.map((units) => byPool(measure, units.pool, sign * sizeOnWire(units)));
