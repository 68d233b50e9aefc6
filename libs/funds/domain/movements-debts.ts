import type { DebtEvents } from './events-debts.ts';
import type { PoolUnits } from './events.ts';
import { type Measure, type Movement, type MovementsTable, perPool } from './movement.ts';
import { fundOf, sizeOnWire } from './wire.ts';

/** A measure of what the fund does for itself: for nobody's place and nobody's benefit. */
export const ownUse = (
  measure: Measure,
  stream: string,
  { commodity, programme }: { readonly commodity: string; readonly programme: string | null },
  held: readonly PoolUnits[],
  sign: 1n | -1n,
): Movement[] =>
  held.length === 0
    ? []
    : [
        {
          measure,
          amount: sign * held.reduce((sum, part) => sum + sizeOnWire(part), 0n),
          commodity,
          fund: fundOf(stream),
          pool: null,
          place: null,
          programme,
          group: null,
          donor: null,
          beneficiary: null,
        },
      ];

/** The movements of advances for own costs, committed while they are out, and of debts that became less. */
export const debtMovements: MovementsTable<DebtEvents> = {
  'book.advance-paid.v1': ({ stream, data }) => [
    ...perPool('available', data.drawn, -1n),
    ...ownUse('committed', stream, data, data.drawn, 1n),
  ],
  'book.advance-returned.v1': ({ stream, data }) => [
    ...perPool('available', data.restored, 1n),
    ...ownUse('committed', stream, data, data.restored, -1n),
  ],
  'book.advance-settled.v1': ({ stream, data }) => [
    ...perPool('available', data.restored, 1n),
    ...ownUse('committed', stream, data, data.restored, -1n),
  ],
  'book.supplier-debt-reduced.v1': ({ stream, data }) => [
    ...perPool('available', data.restored, 1n),
    ...ownUse('paid', stream, data, data.restored, -1n),
  ],
};

/** `committed` and `paid` of advances and debts by the pool whose units they are. */
export const debtPoolUses: MovementsTable<DebtEvents> = {
  'book.advance-paid.v1': ({ data }) => perPool('committed', data.drawn, 1n),
  'book.advance-returned.v1': ({ data }) => perPool('committed', data.restored, -1n),
  'book.advance-settled.v1': ({ data }) => perPool('committed', data.restored, -1n),
  'book.supplier-debt-reduced.v1': ({ data }) => perPool('paid', data.restored, -1n),
};
