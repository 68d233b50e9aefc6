import type { CoreEvents } from './events.ts';
import { type MovementsTable, byLine, byPool, limitsOf, perPool } from './movement.ts';
import { fundOf, sizeOnWire as unitsOf } from './wire.ts';

/** The movements of the everyday events. */
export const coreMovements: MovementsTable<CoreEvents> = {
  'book.receipt-recorded.v1': (event) => {
    const { pool, donor, place } = event.data;
    const amount = BigInt(event.data.amount);
    const limits = limitsOf(pool);
    return [
      { ...byPool('received', pool, amount), donor, place: place ?? limits.place },
      byPool('available', pool, amount),
    ];
  },
  'book.allocation-approved.v1': (event) =>
    event.data.moves.flatMap(({ from, to }) => {
      const amount = unitsOf(from);
      return [
        byPool('movedOut', from.pool, amount),
        byPool('available', from.pool, -amount),
        byPool('movedIn', to.pool, amount),
        byPool('available', to.pool, amount),
      ];
    }),
  'book.allocation-reduced.v1': (event) =>
    event.data.undone.flatMap(({ voided, restored }) => {
      const amount = unitsOf(restored);
      return [
        byPool('movedOut', restored.pool, -amount),
        byPool('available', restored.pool, amount),
        byPool('movedIn', voided.pool, -amount),
        byPool('available', voided.pool, -amount),
      ];
    }),
  'book.disbursement-approved.v1': (event) => [
    ...perPool('available', event.data.drawn, -1n),
    ...byLine('committed', fundOf(event.stream), event.data, 1n),
  ],
  'book.disbursement-cancelled.v1': (event) =>
    event.data.restored.length === 0
      ? []
      : [
          ...perPool('available', event.data.restored, 1n),
          ...byLine('committed', fundOf(event.stream), event.data, -1n),
        ],
  'book.disbursement-paid.v1': (event) => [
    ...byLine('committed', fundOf(event.stream), event.data, -1n),
    ...byLine('paid', fundOf(event.stream), event.data, 1n),
  ],
  'book.disbursement-delivered.v1': (event) => byLine('delivered', fundOf(event.stream), event.data, 1n),
  'book.disbursement-returned.v1': (event) => [
    ...perPool('available', event.data.restored, 1n),
    ...byLine('paid', fundOf(event.stream), event.data, -1n),
    ...(event.data.afterDelivery ? byLine('delivered', fundOf(event.stream), event.data, -1n) : []),
  ],
};

/** `committed` and `paid` of the everyday events by the pool whose units they are. */
export const corePoolUses: MovementsTable<CoreEvents> = {
  'book.disbursement-approved.v1': (event) => perPool('committed', event.data.drawn, 1n),
  'book.disbursement-cancelled.v1': (event) => perPool('committed', event.data.restored, -1n),
  'book.disbursement-paid.v1': (event) => [
    ...perPool('committed', event.data.settled, -1n),
    ...perPool('paid', event.data.settled, 1n),
  ],
  'book.disbursement-returned.v1': (event) => perPool('paid', event.data.restored, -1n),
};
