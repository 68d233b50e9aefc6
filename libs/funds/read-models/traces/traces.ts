import type { Projection } from '#read-models';
import type { BookEvent } from '../../domain/events.ts';
import { MOVING_TYPES } from '../movement-balance.ts';
import { evolveTraces } from './evolve-traces.ts';

/**
 * Which gift paid for which disbursement. `trace_piece` says for every unit of a pool which receipt it came
 * from, through any number of moves; pieces of a pool are disjoint and never change. `trace_use` says which
 * units a disbursement held and from when until when; a use that is undone in part is cut, never deleted.
 * *A gift paid for a payment exactly where their spans overlap.*
 */
export const traces: Projection = {
  name: 'traces',
  version: 1,
  types: MOVING_TYPES,
  tables: {
    trace_piece: {
      columns: {
        pool: 'text',
        from_unit: 'whole',
        to_unit: 'whole',
        receipt: 'text',
        donor: 'text?',
        position: 'whole',
        day: 'text',
        /** 0: minted by the receipt itself; 1: moved here by an allocation. */
        moved: 'whole',
      },
      key: ['pool', 'from_unit'],
      // Minted pieces are found by what the receipt's event says, so only moved ones need an index.
      indexes: [{ columns: ['receipt'], where: 'moved = 1' }],
    },
    trace_use: {
      columns: {
        pool: 'text',
        from_unit: 'whole',
        /** Event that committed the units. */
        position: 'whole',
        to_unit: 'whole',
        /** Order of the backing within the event. */
        place: 'whole',
        fund: 'text',
        disbursement: 'text',
        day: 'text',
        paid_position: 'whole?',
        paid_day: 'text?',
        ended_position: 'whole?',
        ended_day: 'text?',
      },
      key: ['pool', 'from_unit', 'position'],
      indexes: [{ columns: ['disbursement'] }],
    },
    // The widest use of a pool: how far before a unit a use that holds it can begin.
    trace_width: { columns: { pool: 'text', widest: 'whole' }, key: ['pool'] },
  },
  open: (physical) => {
    const evolve = evolveTraces({
      pieces: physical('trace_piece'),
      uses: physical('trace_use'),
      widths: physical('trace_width'),
    });
    return (page, tx) => evolve(page.events as readonly BookEvent[], tx);
  },
};

/** The tables as queries see them. */
export interface TraceTables {
  readonly trace_piece: {
    readonly pool: string;
    readonly from_unit: bigint;
    readonly to_unit: bigint;
    readonly receipt: string;
    readonly donor: string | null;
    readonly position: bigint;
    readonly day: string;
    readonly moved: bigint;
  };
  readonly trace_use: {
    readonly pool: string;
    readonly from_unit: bigint;
    readonly to_unit: bigint;
    readonly place: bigint;
    readonly fund: string;
    readonly disbursement: string;
    readonly position: bigint;
    readonly day: string;
    readonly paid_position: bigint | null;
    readonly paid_day: string | null;
    readonly ended_position: bigint | null;
    readonly ended_day: string | null;
  };
  readonly trace_width: { readonly pool: string; readonly widest: bigint };
}
