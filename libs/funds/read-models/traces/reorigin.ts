import { type Range, exactly, intersect, subtract, toSet } from '#kernel';
import { type Cell, type Transaction, insertInto } from '#read-models';
import type { ReplacedPart, Shares } from './shares.ts';

/** Part of a pool and the receipt it came from. */
export interface PieceOver {
  readonly from_unit: bigint;
  readonly to_unit: bigint;
  readonly receipt: string;
  readonly donor: string | null;
}

/** Reads the pieces that lie over units of a pool, as they are now. */
export function createPiecesOver(
  pieces: string,
): (tx: Transaction, pool: string, units: Range) => Promise<PieceOver[]> {
  // The piece that holds the first unit may begin before it; pieces of a pool are disjoint.
  const over =
    `select from_unit, to_unit, receipt, donor from ${pieces} where pool = ? and from_unit < ? and from_unit >= ` +
    `coalesce((select max(from_unit) from ${pieces} where pool = ? and from_unit <= ?), 0) order by from_unit`;
  return (tx, pool, { from, to }) => tx.all<PieceOver>(over, [pool, to, pool, from]);
}

interface MovedRow extends PieceOver {
  readonly pool: string;
  readonly position: bigint;
  readonly day: string;
  readonly src_pool: string;
  readonly src_from: bigint;
  readonly begun_position: bigint | null;
  readonly begun_day: string | null;
}

const COLUMNS = [
  'pool',
  'from_unit',
  'to_unit',
  'receipt',
  'donor',
  'position',
  'day',
  'src_pool',
  'src_from',
  'begun_position',
  'begun_day',
] as const;
const LIVE = [...COLUMNS, 'moved'] as const;
const PAST = [...COLUMNS, 'ended_position', 'ended_day'] as const;

/** Moves that units may have gone through one after another. */
const MOVES_MAX = 1_000;
const TOO_OFTEN = 'units were moved more often than a trace follows';

/** Units of a pool that other units of it stand in for. */
interface Replaced {
  readonly pool: string;
  readonly source: Range;
  readonly by: Range;
}

/** The event that covers, and the first day of the year of its book. */
export interface CoverEvent {
  readonly position: number;
  readonly day: string;
}

/**
 * Gives moved units another origin after the units they were moved from were covered, and so on through every
 * move and exchange that followed. What they came from before is kept as past.
 */
export function createReorigin(
  { pieces, past }: { readonly pieces: string; readonly past: string },
  shares: Shares,
): (tx: Transaction, cover: CoverEvent, replaced: Replaced) => Promise<void> {
  const piecesOver = createPiecesOver(pieces);
  const addLive = insertInto(pieces, LIVE);
  const addPast = insertInto(past, PAST);
  const moved =
    `select * from ${pieces} where moved = 1 and src_pool = ? and src_from < ? ` +
    'and src_from + to_unit - from_unit > ? order by pool, from_unit';
  const remove = `delete from ${pieces} where pool = ? and from_unit = ?`;

  return async (tx, { position, day }, first) => {
    const waiting: Replaced[] = [first];
    const exchanged: ReplacedPart[] = [];
    for (let steps = 0; waiting.length > 0; steps += 1) {
      if (steps > MOVES_MAX) throw new Error(TOO_OFTEN);
      const { pool, source, by } = waiting.shift() as Replaced;
      exchanged.push({ pool, source: exactly(source), by: exactly(by) });
      for (const row of await tx.all<MovedRow>(moved, [pool, source.to, source.from])) {
        // Counted in the units of the row.
        const back = row.from_unit - row.src_from;
        const [hit] = intersect(
          [{ from: row.from_unit, to: row.to_unit }],
          [{ from: source.from + back, to: source.to + back }],
        );
        if (!hit) continue;
        const shift = by.from - source.from - back;
        const origin = { from: hit.from + shift, to: hit.to + shift };
        const found = await piecesOver(tx, pool, origin);
        const cells = (range: Range, change: Partial<MovedRow>): Cell[] => {
          const of = { ...row, src_from: range.from - back, ...change };
          return COLUMNS.map((column) =>
            column === 'from_unit' ? range.from : column === 'to_unit' ? range.to : of[column],
          );
        };
        const fresh = found.flatMap(({ from_unit, to_unit, receipt, donor }) =>
          intersect([{ from: from_unit, to: to_unit }], [origin]).map((part) =>
            cells(
              { from: part.from - shift, to: part.to - shift },
              { receipt, donor, src_from: part.from, begun_position: BigInt(position), begun_day: day },
            ),
          ),
        );
        const kept = subtract([{ from: row.from_unit, to: row.to_unit }], toSet([hit]));
        await tx.run(remove, [[row.pool, row.from_unit]]);
        await tx.run(
          addLive,
          [...kept.map((range) => cells(range, {})), ...fresh].map((row2) => [...row2, 1]),
        );
        await tx.run(addPast, [[...cells(hit, {}), BigInt(position), day]]);
        waiting.push({ pool: row.pool, source: hit, by: hit });
      }
    }
    // What came through an exchange never stands in its own unit again.
    for (let steps = 0; exchanged.length > 0; steps += 1) {
      if (steps > MOVES_MAX) throw new Error(TOO_OFTEN);
      exchanged.push(...(await shares.reorigin(tx, { position, day }, exchanged.shift() as ReplacedPart)));
    }
  };
}
