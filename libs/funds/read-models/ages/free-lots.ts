import { type Projection, insertInto } from '#read-models';
import { type BookEvent, type BookEventType, isReceipt } from '../../domain/events.ts';
import { changesFree, freeChangesOf } from '../../domain/free-units.ts';
import { fundOf } from '../../domain/wire.ts';
import { MOVING_TYPES } from '../movement-balance.ts';

const CHANGE = ['pool', 'position', 'from_unit', 'sign', 'line', 'to_unit', 'fund', 'day'] as const;
const GIFT = ['receipt', 'position', 'day'] as const;

/** Every change of the free units of a pool, and the day of every receipt: what ages are told from. */
export const freeLots: Projection = {
  name: 'free-lots',
  version: 1,
  types: MOVING_TYPES.filter((type: BookEventType) => changesFree(type)),
  tables: {
    free_change: {
      columns: {
        pool: 'text',
        position: 'whole',
        from_unit: 'whole',
        /** 1: free from here on; −1: free no longer. */
        sign: 'whole',
        line: 'whole',
        to_unit: 'whole',
        fund: 'text',
        day: 'text',
      },
      key: ['pool', 'position', 'line'],
      indexes: [{ columns: ['fund'] }],
    },
    lot_gift: {
      columns: { receipt: 'text', position: 'whole', day: 'text' },
      key: ['receipt'],
    },
  },
  open: (physical) => {
    const change = insertInto(physical('free_change'), CHANGE);
    const gift = insertInto(physical('lot_gift'), GIFT);
    return async (page, tx) => {
      const events = page.events as readonly BookEvent[];
      await tx.run(
        change,
        events.flatMap((event) =>
          freeChangesOf(event).map(({ pool, units: [from, to], sign }, line) => [
            pool,
            event.position,
            BigInt(from),
            sign,
            line,
            BigInt(to),
            fundOf(event.stream),
            event.effectiveOn,
          ]),
        ),
      );
      await tx.run(
        gift,
        events.flatMap((event) =>
          isReceipt(event) ? [[event.data.receipt, event.position, event.effectiveOn]] : [],
        ),
      );
    };
  },
};

/** The tables as queries see them. */
export interface LotTables {
  readonly free_change: {
    readonly pool: string;
    readonly position: bigint;
    readonly from_unit: bigint;
    readonly sign: bigint;
    readonly line: bigint;
    readonly to_unit: bigint;
    readonly fund: string;
    readonly day: string;
  };
  readonly lot_gift: { readonly receipt: string; readonly position: bigint; readonly day: string };
}
