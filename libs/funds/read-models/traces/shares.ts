import {
  type ExactRange,
  type MovePiece,
  carry,
  commonPart,
  exactly,
  mapMove,
  partsOutside,
  unitsAround,
} from '#kernel';
import { type Cell, type Transaction, insertInto } from '#read-models';
import { fromWire, heldFromWire } from '../../domain/book-state.ts';
import type { Exchanged } from '../../domain/events-exchange.ts';
import type { Move } from '../../domain/events.ts';
import { piecesOfExchange } from '../../domain/exchange.ts';
import { type CoverEvent, createPiecesOver } from './reorigin.ts';

/**
 * Part of a pool that stands for part of a gift in another unit: what came through an exchange, and whatever moved
 * on from there. Borders may lie inside a unit, on both sides.
 */
export interface ShareRow {
  readonly pool: string;
  /** The fewest whole units around the part. */
  readonly from_unit: bigint;
  readonly to_unit: bigint;
  readonly borders: string;
  readonly receipt: string;
  readonly donor: string | null;
  /** The gift's own units, where they were last counted in the unit it was given in. */
  readonly given_pool: string;
  readonly given: string;
  readonly position: bigint;
  readonly day: string;
  /** What the part was minted for, in the pool before this one. */
  readonly src_pool: string;
  readonly src_from: bigint;
  readonly src_to: bigint;
  readonly src: string;
  /** Event that put this gift in the place of a reversed one; 0: it was exchanged. */
  readonly begun_position: bigint;
  /** First day of the year whose book did; empty: it was exchanged. */
  readonly begun_day: string;
  /** Event that put another in its place; 0: none. */
  readonly ended_position: bigint;
  /** First day of the year whose book did; empty: none. */
  readonly ended_day: string;
}

const COLUMNS = [
  'pool',
  'from_unit',
  'to_unit',
  'borders',
  'receipt',
  'donor',
  'given_pool',
  'given',
  'position',
  'day',
  'src_pool',
  'src_from',
  'src_to',
  'src',
  'begun_position',
  'begun_day',
  'ended_position',
  'ended_day',
] as const satisfies readonly (keyof ShareRow)[];

/** Exact borders as they are stored: `from/to/per`, of any length. */
export const writePart = ({ from, to, per }: ExactRange): string => `${from}/${to}/${per}`;
export const readPart = (text: string): ExactRange => {
  const [from = '0', to = '0', per = '1'] = text.split('/');
  return { from: BigInt(from), to: BigInt(to), per: BigInt(per) };
};

/** Part of a pool and the part of a gift that it stands for. */
interface Stretch {
  readonly part: ExactRange;
  readonly receipt: string;
  readonly donor: string | null;
  readonly givenPool: string;
  readonly given: ExactRange;
}

interface Event {
  readonly position: number;
  readonly effectiveOn: string;
}

/** Units of a pool that others of it stand in for, exactly. */
export interface ReplacedPart {
  readonly pool: string;
  readonly source: ExactRange;
  readonly by: ExactRange;
}

export interface Shares {
  readonly exchange: (tx: Transaction, event: Event, exchanges: readonly Exchanged[]) => Promise<void>;
  readonly move: (tx: Transaction, event: Event, moves: readonly Move[]) => Promise<void>;
  /** Gives parts another gift whose units were covered; answers which parts have another now. */
  readonly reorigin: (tx: Transaction, cover: CoverEvent, replaced: ReplacedPart) => Promise<ReplacedPart[]>;
}

/** The evolve of what came through exchanges. */
export function createShares({
  pieces,
  shares,
}: {
  readonly pieces: string;
  readonly shares: string;
}): Shares {
  const piecesOver = createPiecesOver(pieces);
  const add = insertInto(shares, COLUMNS);
  // Parts of a pool are disjoint, so the one that holds a unit's first point is the last that begins before it.
  const over =
    `select * from ${shares} where pool = ? and ended_position = 0 and from_unit < ? and from_unit >= ` +
    `coalesce((select max(from_unit) from ${shares} where pool = ? and ended_position = 0 and from_unit < ?), 0) ` +
    'order by from_unit, borders';
  const behind =
    `select * from ${shares} where src_pool = ? and src_from < ? and src_to > ? and ended_position = 0 ` +
    'order by pool, from_unit, borders';
  const remove =
    `delete from ${shares} where pool = ? and from_unit = ? and borders = ? and begun_position = ? ` +
    'and ended_position = 0';

  /** Every share over a part of a pool, cut to it. */
  const sharesOver = async (tx: Transaction, pool: string, asked: ExactRange): Promise<Stretch[]> => {
    const { from, to } = unitsAround(asked);
    const rows = await tx.all<ShareRow>(over, [pool, to, pool, from]);
    return rows.flatMap((row) => {
      const whole = readPart(row.borders);
      const part = commonPart(whole, asked);
      const { receipt, donor, given_pool: givenPool } = row;
      return part
        ? [{ part, receipt, donor, givenPool, given: carry(part, whole, readPart(row.given)) }]
        : [];
    });
  };

  /** Gifts over a part of a pool, those that stand there in their own unit among them. */
  const giftsOver = async (tx: Transaction, pool: string, asked: ExactRange): Promise<Stretch[]> => {
    const found = await piecesOver(tx, pool, unitsAround(asked));
    const own = found.flatMap(({ from_unit: from, to_unit: to, receipt, donor }) => {
      const part = commonPart({ from, to, per: 1n }, asked);
      return part ? [{ part, receipt, donor, givenPool: pool, given: part }] : [];
    });
    return [...own, ...(await sharesOver(tx, pool, asked))];
  };

  /** A row for a stretch of `from` that stands at `part` now. */
  const cellsOf = (
    event: Pick<ShareRow, 'position' | 'day' | 'begun_position' | 'begun_day'>,
    at: { readonly pool: string; readonly part: ExactRange },
    from: { readonly pool: string; readonly stretch: Stretch },
  ): Cell[] => {
    const { part, receipt, donor, givenPool, given } = from.stretch;
    const [units, src] = [unitsAround(at.part), unitsAround(part)];
    return rowCells({
      ...event,
      pool: at.pool,
      from_unit: units.from,
      to_unit: units.to,
      borders: writePart(at.part),
      receipt,
      donor,
      given_pool: givenPool,
      given: writePart(given),
      src_pool: from.pool,
      src_from: src.from,
      src_to: src.to,
      src: writePart(part),
      ended_position: 0n,
      ended_day: '',
    });
  };

  const headOf = ({ position, effectiveOn: day }: Event) => ({
    position: BigInt(position),
    day,
    begun_position: 0n,
    begun_day: '',
  });

  return {
    exchange: async (tx, event, exchanges) => {
      const rows: Cell[][] = [];
      for (const exchange of exchanges)
        for (const { source, target } of piecesOfExchange(exchange))
          for (const stretch of await giftsOver(tx, exchange.from.pool, exactly(source)))
            rows.push(
              cellsOf(
                headOf(event),
                { pool: exchange.to.pool, part: carry(stretch.part, exactly(source), target) },
                { pool: exchange.from.pool, stretch },
              ),
            );
      await tx.run(add, rows);
    },
    move: async (tx, event, moves) => {
      const rows: Cell[][] = [];
      for (const { from, to } of moves)
        for (const { source, target } of piecesOf(from, to))
          for (const stretch of await sharesOver(tx, from.pool, exactly(source)))
            rows.push(
              cellsOf(
                headOf(event),
                { pool: to.pool, part: carry(stretch.part, exactly(source), exactly(target)) },
                { pool: from.pool, stretch },
              ),
            );
      await tx.run(add, rows);
    },
    reorigin: async (tx, { position, day }, { pool, source, by }) => {
      const { from, to } = unitsAround(source);
      const changed: ReplacedPart[] = [];
      for (const row of await tx.all<ShareRow>(behind, [pool, to, from])) {
        const [src, whole] = [readPart(row.src), readPart(row.borders)];
        const hit = commonPart(src, source);
        if (!hit) continue;
        const part = carry(hit, src, whole);
        const origin = carry(hit, source, by);
        const fresh = (await giftsOver(tx, pool, origin)).map((stretch) =>
          cellsOf(
            { ...row, begun_position: BigInt(position), begun_day: day },
            { pool: row.pool, part: carry(stretch.part, origin, part) },
            { pool, stretch },
          ),
        );
        const cut = (kept: ExactRange, change: Partial<ShareRow>): Cell[] => {
          const [units, before] = [unitsAround(kept), carry(kept, whole, src)];
          const around = unitsAround(before);
          return rowCells({
            ...row,
            from_unit: units.from,
            to_unit: units.to,
            borders: writePart(kept),
            given: writePart(carry(kept, whole, readPart(row.given))),
            src_from: around.from,
            src_to: around.to,
            src: writePart(before),
            ...change,
          });
        };
        await tx.run(remove, [[row.pool, row.from_unit, row.borders, row.begun_position]]);
        await tx.run(add, [...partsOutside(whole, part).map((kept) => cut(kept, {})), ...fresh]);
        if (row.begun_position < BigInt(position))
          await tx.run(add, [cut(part, { ended_position: BigInt(position), ended_day: day })]);
        changed.push({ pool: row.pool, source: part, by: part });
      }
      return changed;
    },
  };
}

const piecesOf = (from: Move['from'], to: Move['to']): MovePiece[] =>
  mapMove(heldFromWire(from).units, fromWire(to.minted));

const rowCells = (row: ShareRow): Cell[] => COLUMNS.map((column) => row[column]);
