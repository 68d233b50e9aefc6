import type { Projection } from '#read-models';
import type { BookEvent } from '../../domain/events.ts';
import { MOVING_TYPES } from '../movement-balance.ts';
import { evolveTraces } from './evolve-traces.ts';
import type { ShareRow } from './shares.ts';

/** Where moved units came from, and the event since which they come from another receipt than at first. */
const ORIGIN = {
  src_pool: 'text?',
  src_from: 'whole?',
  begun_position: 'whole?',
  begun_day: 'text?',
} as const;

/**
 * Which gift paid for which disbursement. `trace_piece` says for every unit of a pool which receipt it came
 * from, through any number of moves; pieces of a pool are disjoint. When reversed units behind a move are
 * covered, the moved ones come from another receipt: what they came from before goes to `trace_piece_past`.
 * `trace_share` says the same of what came through an exchange, where a gift may stand for part of a unit.
 * `trace_use` says which units a disbursement held and from when until when; a use that is undone in part is cut,
 * never deleted. What backs a use depends on what is known, not on effective days: but the books of a year know only
 * what was recorded in them and in those before, so a closed year says for ever what it said. `begun_day`, `covered_day`
 * and `ended_day` are the first day of the year whose book put other units there. `trace_label` and
 * `trace_adjustment` say what corrections made of a receipt.
 * *A gift paid for a payment exactly where their spans overlap.*
 */
export const traces: Projection = {
  name: 'traces',
  version: 4,
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
        /** 0: minted by the receipt itself; 1: moved here, or minted when its amount was corrected. */
        moved: 'whole',
        ...ORIGIN,
      },
      key: ['pool', 'from_unit'],
      // Minted pieces are found by what the receipt's event says, so only moved ones need an index.
      indexes: [
        { columns: ['receipt'], where: 'moved = 1' },
        { columns: ['src_pool', 'src_from'], where: 'moved = 1' },
      ],
    },
    trace_piece_past: {
      columns: {
        pool: 'text',
        from_unit: 'whole',
        to_unit: 'whole',
        receipt: 'text',
        donor: 'text?',
        position: 'whole',
        day: 'text',
        ...ORIGIN,
        ended_position: 'whole',
        ended_day: 'text',
      },
      key: ['pool', 'from_unit', 'ended_position'],
      indexes: [{ columns: ['receipt'] }],
    },
    trace_share: {
      columns: {
        pool: 'text',
        from_unit: 'whole',
        to_unit: 'whole',
        /** Exact borders: `from/to/per`. */
        borders: 'text',
        receipt: 'text',
        donor: 'text?',
        given_pool: 'text',
        given: 'text',
        position: 'whole',
        day: 'text',
        src_pool: 'text',
        src_from: 'whole',
        src_to: 'whole',
        src: 'text',
        begun_position: 'whole',
        begun_day: 'text',
        ended_position: 'whole',
        ended_day: 'text',
      },
      key: ['pool', 'from_unit', 'borders', 'begun_position', 'ended_position'],
      indexes: [
        { columns: ['receipt'] },
        { columns: ['src_pool', 'src_from'], where: 'ended_position = 0' },
        { columns: ['pool', 'to_unit'], where: 'ended_position > 0' },
      ],
    },
    trace_label: {
      columns: {
        receipt: 'text',
        position: 'whole',
        day: 'text',
        /** Empty: nobody is named. */
        donor: 'text',
        pool: 'text',
        from_unit: 'whole',
        to_unit: 'whole',
      },
      key: ['receipt', 'position'],
      indexes: [{ columns: ['donor'] }],
    },
    trace_adjustment: {
      columns: { receipt: 'text', position: 'whole', day: 'text', amount: 'whole' },
      key: ['receipt', 'position'],
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
        /** Event that put the units in the places of reversed ones; 0: they were drawn. */
        begun_position: 'whole',
        /** Empty: they were drawn. */
        begun_day: 'text',
        /** Event that put others in their places. */
        covered_position: 'whole?',
        covered_day: 'text?',
        /** 1: it was no use, but a loss. */
        lost: 'whole',
      },
      key: ['pool', 'from_unit', 'position', 'begun_position'],
      indexes: [{ columns: ['disbursement'] }],
    },
    // The widest use of a pool: how far before a unit a use that holds it can begin.
    trace_width: { columns: { pool: 'text', widest: 'whole' }, key: ['pool'] },
  },
  open: (physical) => {
    const evolve = evolveTraces({
      pieces: physical('trace_piece'),
      shares: physical('trace_share'),
      past: physical('trace_piece_past'),
      labels: physical('trace_label'),
      adjustments: physical('trace_adjustment'),
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
    readonly src_pool: string | null;
    readonly src_from: bigint | null;
    readonly begun_position: bigint | null;
    readonly begun_day: string | null;
  };
  readonly trace_piece_past: Omit<TraceTables['trace_piece'], 'moved'> & {
    readonly ended_position: bigint;
    readonly ended_day: string;
  };
  readonly trace_share: ShareRow;
  readonly trace_label: {
    readonly receipt: string;
    readonly position: bigint;
    readonly day: string;
    readonly donor: string;
    readonly pool: string;
    readonly from_unit: bigint;
    readonly to_unit: bigint;
  };
  readonly trace_adjustment: {
    readonly receipt: string;
    readonly position: bigint;
    readonly day: string;
    readonly amount: bigint;
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
    readonly begun_position: bigint;
    readonly begun_day: string;
    readonly covered_position: bigint | null;
    readonly covered_day: string | null;
    readonly lost: bigint;
  };
  readonly trace_width: { readonly pool: string; readonly widest: bigint };
}
