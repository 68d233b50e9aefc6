import type { BookEvent, DisbursementHead, PoolUnits } from './events.ts';
import { poolKey } from './restriction.ts';

/**
 * What a movement counts. `available` is what can still be promised; `received`, `movedIn`, `movedOut`,
 * `committed`, `paid` and `delivered` are net of what was undone (a return lowers `paid`, a cancellation
 * lowers `committed`). Per pool: received + movedIn − movedOut = available + committed + paid.
 */
export const MEASURES = [
  'received',
  'available',
  'movedIn',
  'movedOut',
  'committed',
  'paid',
  'delivered',
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

type Limits = Pick<Movement, 'place' | 'programme' | 'group' | 'beneficiary'>;

const limitsCache = new Map<string, Limits & { fund: string; commodity: string }>();
const LIMITS_CACHED_MAX = 10_000;

/** The dimensions that a pool itself fixes: the board's designation first, then the donor's restriction. */
function limitsOf(pool: string): Limits & { fund: string; commodity: string } {
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

const unitsOf = ({ units }: PoolUnits): bigint =>
  units.reduce((n, [from, to]) => n + BigInt(to) - BigInt(from), 0n);

const byPool = (measure: Measure, pool: string, amount: bigint): Movement => ({
  measure,
  amount,
  pool,
  donor: null,
  ...limitsOf(pool),
});

const byLine = (measure: Measure, fund: string, head: DisbursementHead, sign: 1n | -1n): Movement[] =>
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

/** `book-<fund>-<year>` without its ends. */
const fundOf = (stream: string): string => stream.slice('book-'.length, stream.lastIndexOf('-'));

const perPool = (measure: Measure, drawn: readonly PoolUnits[], sign: 1n | -1n): Movement[] =>
  drawn.map((units) => byPool(measure, units.pool, sign * unitsOf(units)));

/**
 * The movements of one event. `committed`, `paid` and `delivered` are counted once by line (pool null) and,
 * for the pool's own balance, once by pool ({@link poolMovementsOf}).
 */
export function movementsOf(event: BookEvent): Movement[] {
  const fund = fundOf(event.stream);
  switch (event.type) {
    case 'book.receipt-recorded.v1': {
      const { pool, donor, place } = event.data;
      const amount = BigInt(event.data.amount);
      const limits = limitsOf(pool);
      return [
        { ...byPool('received', pool, amount), donor, place: place ?? limits.place },
        byPool('available', pool, amount),
      ];
    }
    case 'book.allocation-approved.v1':
      return event.data.moves.flatMap(({ from, to }) => {
        const amount = unitsOf(from);
        return [
          byPool('movedOut', from.pool, amount),
          byPool('available', from.pool, -amount),
          byPool('movedIn', to.pool, amount),
          byPool('available', to.pool, amount),
        ];
      });
    case 'book.allocation-reduced.v1':
      return event.data.undone.flatMap(({ voided, restored }) => {
        const amount = unitsOf(restored);
        return [
          byPool('movedOut', restored.pool, -amount),
          byPool('available', restored.pool, amount),
          byPool('movedIn', voided.pool, -amount),
          byPool('available', voided.pool, -amount),
        ];
      });
    case 'book.disbursement-approved.v1':
      return [...perPool('available', event.data.drawn, -1n), ...byLine('committed', fund, event.data, 1n)];
    case 'book.disbursement-cancelled.v1':
      return event.data.restored.length === 0
        ? []
        : [...perPool('available', event.data.restored, 1n), ...byLine('committed', fund, event.data, -1n)];
    case 'book.disbursement-paid.v1':
      return [...byLine('committed', fund, event.data, -1n), ...byLine('paid', fund, event.data, 1n)];
    case 'book.disbursement-delivered.v1':
      return byLine('delivered', fund, event.data, 1n);
    case 'book.disbursement-returned.v1':
      return [
        ...perPool('available', event.data.restored, 1n),
        ...byLine('paid', fund, event.data, -1n),
        ...(event.data.afterDelivery ? byLine('delivered', fund, event.data, -1n) : []),
      ];
    default:
      return [];
  }
}

/** `committed` and `paid` of one event by the pool whose units they are; empty for all other events. */
export function poolUsesOf(event: BookEvent): Movement[] {
  switch (event.type) {
    case 'book.disbursement-approved.v1':
      return perPool('committed', event.data.drawn, 1n);
    case 'book.disbursement-cancelled.v1':
      return perPool('committed', event.data.restored, -1n);
    case 'book.disbursement-paid.v1':
      return [...perPool('committed', event.data.settled, -1n), ...perPool('paid', event.data.settled, 1n)];
    case 'book.disbursement-returned.v1':
      return perPool('paid', event.data.restored, -1n);
    default:
      return [];
  }
}
