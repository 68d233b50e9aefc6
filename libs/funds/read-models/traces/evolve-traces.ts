import { type Backing, type Range, intersect, mapMove, subtract, toSet } from '#kernel';
import { type Cell, type Transaction, insertInto } from '#read-models';
import { type Held, fromWire, heldFromWire } from '../../domain/book.ts';
import type { AllocationApproved, BookEvent } from '../../domain/events.ts';

/** The physical names of the three tables. */
interface Tables {
  readonly pieces: string;
  readonly uses: string;
  readonly widths: string;
}

const PIECE_COLUMNS = [
  'pool',
  'from_unit',
  'to_unit',
  'receipt',
  'donor',
  'position',
  'day',
  'moved',
] as const;
const USE_COLUMNS = [
  'pool',
  'from_unit',
  'position',
  'to_unit',
  'place',
  'fund',
  'disbursement',
  'day',
  'paid_position',
  'paid_day',
  'ended_position',
  'ended_day',
] as const;

interface UseRow {
  readonly pool: string;
  readonly from_unit: bigint;
  readonly position: bigint;
  readonly to_unit: bigint;
  readonly place: bigint;
  readonly fund: string;
  readonly disbursement: string;
  readonly day: string;
  readonly paid_position: bigint | null;
  readonly paid_day: string | null;
  readonly ended_position: bigint | null;
  readonly ended_day: string | null;
}

type Change = Partial<Pick<UseRow, 'paid_position' | 'paid_day' | 'ended_position' | 'ended_day'>>;

const fundOf = (stream: string): string => stream.slice('book-'.length, stream.lastIndexOf('-'));

/** The evolve of the traces. Receipts, nearly all events, are only collected; the rest reads what it changes. */
export function evolveTraces({
  pieces,
  uses,
  widths,
}: Tables): (events: readonly BookEvent[], tx: Transaction) => Promise<void> {
  const addPiece = insertInto(pieces, PIECE_COLUMNS);
  const addUse = insertInto(uses, USE_COLUMNS);
  // The piece that holds the first unit may begin before it; pieces of a pool are disjoint.
  const piecesOver =
    `select from_unit, to_unit, receipt, donor from ${pieces} where pool = ? and from_unit < ? and from_unit >= ` +
    `coalesce((select max(from_unit) from ${pieces} where pool = ? and from_unit <= ?), 0) order by from_unit`;
  const widen =
    `insert into ${widths} (pool, widest) values (?, ?) on conflict (pool) do update set widest = ` +
    `case when excluded.widest > ${widths}.widest then excluded.widest else ${widths}.widest end`;
  const liveUses = `select * from ${uses} where disbursement = ? and ended_position is null`;
  const removeUse = `delete from ${uses} where pool = ? and from_unit = ? and position = ?`;

  /** The pieces moved units came from, laid over the units minted for them. */
  const movedPieces = async (
    { position, effectiveOn, data }: { position: number; effectiveOn: string; data: AllocationApproved },
    tx: Transaction,
  ): Promise<Cell[][]> => {
    const rows: Cell[][] = [];
    for (const { from, to } of data.moves)
      for (const { source, target } of mapMove(from.units.map(fromWire), fromWire(to.minted))) {
        const found = await tx.all<{
          from_unit: bigint;
          to_unit: bigint;
          receipt: string;
          donor: string | null;
        }>(piecesOver, [from.pool, source.to, from.pool, source.from]);
        for (const { from_unit, to_unit, receipt, donor } of found)
          for (const part of intersect([{ from: from_unit, to: to_unit }], [source])) {
            const shift = target.from - source.from;
            rows.push([
              to.pool,
              part.from + shift,
              part.to + shift,
              receipt,
              donor,
              position,
              effectiveOn,
              1,
            ]);
          }
      }
    return rows;
  };

  /** Marks these units of a disbursement, cutting the rows that hold more than them. */
  const mark = async (
    tx: Transaction,
    disbursement: string,
    units: readonly Held[],
    change: Change,
  ): Promise<void> => {
    if (units.length === 0) return;
    const rows = await tx.all<UseRow>(liveUses, [disbursement]);
    for (const held of units) {
      const marked = toSet(held.units);
      for (const row of rows.filter(({ pool }) => pool === held.pool)) {
        const whole: Range = { from: row.from_unit, to: row.to_unit };
        const hit = intersect([whole], marked);
        if (hit.length === 0) continue;
        const cut = (parts: readonly Range[], changed: Change): Cell[][] =>
          parts.map(({ from, to }) => useCells({ ...row, ...changed, from_unit: from, to_unit: to }));
        await tx.run(removeUse, [[row.pool, row.from_unit, row.position]]);
        await tx.run(addUse, [...cut(hit, change), ...cut(subtract([whole], marked), {})]);
      }
    }
  };

  return async (events, tx) => {
    let waiting: Cell[][] = [];
    for (const event of events) {
      const { type, position, effectiveOn, stream } = event;
      const at = BigInt(position);
      if (type === 'book.receipt-recorded.v1') {
        const { pool, minted, receipt, donor } = event.data;
        waiting.push([pool, BigInt(minted[0]), BigInt(minted[1]), receipt, donor, position, effectiveOn, 0]);
      } else if (type === 'book.allocation-approved.v1') {
        await tx.run(addPiece, waiting);
        waiting = [];
        await tx.run(addPiece, await movedPieces(event, tx));
      } else if (type === 'book.disbursement-approved.v1') {
        const { disbursement, drawn } = event.data;
        const row = { disbursement, fund: fundOf(stream), position: at, day: effectiveOn, ...UNDECIDED };
        const rows = drawn.map(heldFromWire).flatMap(({ pool, units }) => inOrder(pool, units));
        await tx.run(
          addUse,
          rows.map((units, place) => useCells({ ...row, ...units, place: BigInt(place) })),
        );
        await tx.run(widen, widestOf(rows));
      } else if (type === 'book.disbursement-paid.v1') {
        const settled = event.data.settled.map(heldFromWire);
        await mark(tx, event.data.disbursement, settled, { paid_position: at, paid_day: effectiveOn });
      } else if (type === 'book.disbursement-cancelled.v1' || type === 'book.disbursement-returned.v1') {
        const restored = event.data.restored.map(heldFromWire);
        await mark(tx, event.data.disbursement, restored, { ended_position: at, ended_day: effectiveOn });
      }
    }
    await tx.run(addPiece, waiting);
  };
}

const UNDECIDED = { paid_position: null, paid_day: null, ended_position: null, ended_day: null };

/** The widest of the ranges in each pool, one row a pool. */
function widestOf(rows: readonly { pool: string; from_unit: bigint; to_unit: bigint }[]): [string, bigint][] {
  const widest = new Map<string, bigint>();
  for (const { pool, from_unit, to_unit } of rows) {
    const width = to_unit - from_unit;
    if (width > (widest.get(pool) ?? 0n)) widest.set(pool, width);
  }
  return [...widest];
}

const inOrder = (pool: string, units: Backing): { pool: string; from_unit: bigint; to_unit: bigint }[] =>
  units.map(({ from, to }) => ({ pool, from_unit: from, to_unit: to }));

const useCells = (row: UseRow): Cell[] => USE_COLUMNS.map((column) => row[column]);
