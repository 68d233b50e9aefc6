import type { CorrectionEvents } from './events-corrections.ts';
import type { WireRange } from './events.ts';
import { type Movement, type MovementsTable, byPool, limitsOf } from './movement.ts';
import { coveredSize, shortSize } from './postings-corrections.ts';
import { sizeOnWire } from './wire.ts';

interface Given {
  readonly pool: string;
  readonly donor: string | null;
  readonly place: string | null;
}

/** What came in, counted where the gift is. */
const received = ({ pool, donor, place }: Given, amount: bigint): Movement => ({
  ...byPool('received', pool, amount),
  donor,
  place: place ?? limitsOf(pool).place,
});

const sizeOf = (units: readonly WireRange[]): bigint => sizeOnWire({ units });

/** The movements of corrections. */
export const correctionMovements: MovementsTable<CorrectionEvents> = {
  'book.donor-refunded.v1': ({ data }) => {
    const amount = sizeOf(data.voided);
    return [received(data, -amount), byPool('available', data.pool, -amount)];
  },
  'book.receipt-adjusted.v1': ({ data }) => {
    const amount = sizeOf(data.minted ? [data.minted] : []) - sizeOf(data.voided);
    return [received(data, amount), byPool('available', data.pool, amount)];
  },
  'book.receipt-corrected.v1': ({ data: { was, now, units, amount } }) =>
    was.donor === now.donor && was.place === now.place
      ? []
      : [
          received({ pool: units.pool, ...was }, -BigInt(amount)),
          received({ pool: units.pool, ...now }, BigInt(amount)),
        ],
  'book.receipt-reversed.v1': ({ data }) => {
    const [free, missing] = [sizeOf(data.voided) + coveredSize(data.covered), shortSize(data.short)];
    return [
      received(data, -free - missing),
      byPool('available', data.pool, -free),
      ...(missing > 0n ? [byPool('short', data.pool, missing)] : []),
    ];
  },
  'book.restriction-released.v1': ({ data }) =>
    data.moves.flatMap(({ from, to }) => {
      const amount = sizeOnWire(from);
      return [
        byPool('movedOut', from.pool, amount),
        byPool('available', from.pool, -amount),
        byPool('movedIn', to.pool, amount),
        byPool('available', to.pool, amount),
      ];
    }),
  'book.shortfall-settled.v1': ({ data: { pool, covered, lifted } }) => {
    const amount = coveredSize(covered) + shortSize(lifted);
    return [byPool('available', pool, -amount), byPool('short', pool, -amount)];
  },
};
