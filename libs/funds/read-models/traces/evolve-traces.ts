import { type Backing, type Range, intersect, mapMove, subtract, toSet } from '#kernel';
import { type Cell, type Transaction, insertInto } from '#read-models';
import { type Held, fromWire, heldFromWire } from '../../domain/book-state.ts';
import { coverFromWire, pairsOf } from '../../domain/covers.ts';
import type { CorrectionEvents, CoveredUnits } from '../../domain/events-corrections.ts';
import type { DebtEvents } from '../../domain/events-debts.ts';
import type { AllocationApproved, BookEvent } from '../../domain/events.ts';
import { holdingsOf } from '../../domain/holdings.ts';
import { movementsOf } from '../../domain/movements.ts';
import { fundOf } from '../../domain/wire.ts';
import { createPiecesOver, createReorigin } from './reorigin.ts';
import { createShares } from './shares.ts';

/** The physical names of the tables. */
export interface Tables {
  readonly pieces: string;
  readonly shares: string;
  readonly past: string;
  readonly uses: string;
  readonly widths: string;
  readonly labels: string;
  readonly adjustments: string;
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
const MOVED_COLUMNS = [...PIECE_COLUMNS, 'src_pool', 'src_from'] as const;
const LABEL_COLUMNS = ['receipt', 'position', 'day', 'donor', 'pool', 'from_unit', 'to_unit'] as const;
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
  'begun_position',
  'begun_day',
  'covered_position',
  'covered_day',
  'lost',
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
  readonly begun_position: bigint;
  readonly begun_day: string;
  readonly covered_position: bigint | null;
  readonly covered_day: string | null;
  readonly lost: bigint;
}

type Change = Partial<Pick<UseRow, 'paid_position' | 'paid_day' | 'ended_position' | 'ended_day'>>;

/** The evolve of the traces. Receipts, nearly all events, are only collected; the rest reads what it changes. */
export function evolveTraces(
  tables: Tables,
): (events: readonly BookEvent[], tx: Transaction) => Promise<void> {
  const { pieces, uses, widths, labels, adjustments } = tables;
  const addPiece = insertInto(pieces, PIECE_COLUMNS);
  const addMoved = insertInto(pieces, MOVED_COLUMNS);
  const addLabel = insertInto(labels, LABEL_COLUMNS);
  const addAdjustment = insertInto(adjustments, ['receipt', 'position', 'day', 'amount']);
  const shares = createShares(tables);
  const reorigin = createReorigin(tables, shares);
  const addUse = insertInto(uses, USE_COLUMNS);
  const piecesOver = createPiecesOver(pieces);
  const widen =
    `insert into ${widths} (pool, widest) values (?, ?) on conflict (pool) do update set widest = ` +
    `case when excluded.widest > ${widths}.widest then excluded.widest else ${widths}.widest end`;
  const liveUses = `select * from ${uses} where disbursement = ? and ended_position is null and covered_position is null`;
  const removeUse = `delete from ${uses} where pool = ? and from_unit = ? and position = ? and begun_position = ?`;

  /** The pieces moved units came from, laid over the units minted for them. */
  const movedPieces = async (
    {
      position,
      effectiveOn,
      data,
    }: { position: number; effectiveOn: string; data: Pick<AllocationApproved, 'moves'> },
    tx: Transaction,
  ): Promise<Cell[][]> => {
    const rows: Cell[][] = [];
    for (const { from, to } of data.moves)
      for (const { source, target } of mapMove(from.units.map(fromWire), fromWire(to.minted))) {
        const found = await piecesOver(tx, from.pool, source);
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
              from.pool,
              part.from,
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
        await tx.run(removeUse, [[row.pool, row.from_unit, row.position, row.begun_position]]);
        await tx.run(addUse, [...cut(hit, change), ...cut(subtract([whole], marked), {})]);
      }
    }
  };

  /** Puts the covering units in the places of the reversed ones, in every disbursement and behind every move. */
  const cover = async (
    tx: Transaction,
    { position, stream }: BookEvent,
    pool: string,
    covered: readonly CoveredUnits[],
  ): Promise<void> => {
    const since = yearStart(stream);
    for (const wire of covered) {
      const pairs = pairsOf(coverFromWire(wire));
      const rows = await tx.all<UseRow>(liveUses, [wire.use]);
      for (const row of rows.filter((use) => use.pool === pool)) {
        const whole: Range = { from: row.from_unit, to: row.to_unit };
        const hits = pairs.flatMap(({ source, target }) =>
          intersect([whole], [source]).map((hit) => ({ hit, shift: target.from - source.from })),
        );
        if (hits.length === 0) continue;
        const gone = toSet(hits.map(({ hit }) => hit));
        const at = BigInt(position);
        const parts = (ranges: readonly Range[], change: Partial<UseRow>): Cell[][] =>
          ranges.map(({ from, to }) => useCells({ ...row, ...change, from_unit: from, to_unit: to }));
        await tx.run(removeUse, [[row.pool, row.from_unit, row.position, row.begun_position]]);
        await tx.run(addUse, [
          ...parts(gone, { covered_position: at, covered_day: since }),
          ...parts(subtract([whole], gone), {}),
          ...parts(
            hits.map(({ hit, shift }) => ({ from: hit.from + shift, to: hit.to + shift })),
            { begun_position: at, begun_day: since },
          ),
        ]);
      }
      for (const { source, target } of pairs)
        await reorigin(tx, { position, day: since }, { pool, source, by: target });
    }
  };

  /** What a correction makes of a receipt's amount, and of its donor. */
  const correct = async (tx: Transaction, event: BookEvent): Promise<void> => {
    const { type, position, effectiveOn, data } = event;
    const change = amountChange(event);
    if (change !== 0n && 'receipt' in data)
      await tx.run(addAdjustment, [[data.receipt, position, effectiveOn, change]]);
    if (type === 'book.receipt-adjusted.v1' && data.minted) {
      const [from, to] = data.minted;
      const { pool, receipt, donor } = data;
      await tx.run(addMoved, [
        [pool, BigInt(from), BigInt(to), receipt, donor, position, effectiveOn, 1, null, null],
      ]);
    } else if (type === 'book.receipt-corrected.v1' && data.was.donor !== data.now.donor) {
      const { receipt, now, units } = data;
      const [[from, to] = ['0', '0']] = units.units;
      await tx.run(addLabel, [
        [receipt, position, effectiveOn, now.donor ?? '', units.pool, BigInt(from), BigInt(to)],
      ]);
    } else if (type === 'book.receipt-reversed.v1' || type === 'book.shortfall-settled.v1') {
      await cover(tx, event, data.pool, data.covered);
    }
  };

  return async (events, tx) => {
    let waiting: Cell[][] = [];
    for (const event of events) {
      const { type, position, effectiveOn, stream } = event;
      const at = BigInt(position);
      if (type === 'book.receipt-recorded.v1' || type === 'book.income-recorded.v1') {
        const { pool, minted, receipt, donor } = event.data;
        waiting.push([pool, BigInt(minted[0]), BigInt(minted[1]), receipt, donor, position, effectiveOn, 0]);
      } else if (type === 'book.allocation-approved.v1' || type === 'book.restriction-released.v1') {
        await tx.run(addPiece, waiting);
        waiting = [];
        await tx.run(addMoved, await movedPieces(event, tx));
        await shares.move(tx, event, event.data.moves);
      } else if (type === 'book.goods-bought.v1' || type === 'book.currency-exchanged.v1') {
        await tx.run(addPiece, waiting);
        waiting = [];
        await shares.exchange(tx, event, event.data.exchanges);
      } else if (CORRECTIONS.has(type)) {
        await tx.run(addPiece, waiting);
        waiting = [];
        await correct(tx, event);
      } else if (type === 'book.disbursement-approved.v1' || type === 'book.advance-paid.v1') {
        const { drawn } = event.data;
        const disbursement = type === 'book.advance-paid.v1' ? event.data.advance : event.data.disbursement;
        const row = { disbursement, fund: fundOf(stream), position: at, day: effectiveOn, ...UNDECIDED };
        const rows = drawn.map(heldFromWire).flatMap(({ pool, units }) => inOrder(pool, units));
        await tx.run(
          addUse,
          rows.map((units, place) => useCells({ ...row, ...units, place: BigInt(place) })),
        );
        await tx.run(widen, widestOf(rows));
      } else if (type === 'book.expense-recorded.v1' || type === 'book.goods-lost.v1') {
        // Spent or lost at once: no commitment comes before.
        const isLoss = type === 'book.goods-lost.v1';
        const drawn = isLoss ? event.data.lost : event.data.drawn;
        const row = {
          disbursement: isLoss ? event.data.loss : event.data.expense,
          fund: fundOf(stream),
          position: at,
          day: effectiveOn,
          ...UNDECIDED,
          lost: isLoss ? 1n : 0n,
        };
        const rows = drawn.map(heldFromWire).flatMap(({ pool, units }) => inOrder(pool, units));
        const spent = { paid_position: at, paid_day: effectiveOn };
        await tx.run(
          addUse,
          rows.map((units, place) => useCells({ ...row, ...units, ...spent, place: BigInt(place) })),
        );
        await tx.run(widen, widestOf(rows));
      } else if (type === 'book.disbursement-paid.v1') {
        const settled = event.data.settled.map(heldFromWire);
        await mark(tx, event.data.disbursement, settled, { paid_position: at, paid_day: effectiveOn });
      } else if (type === 'book.disbursement-cancelled.v1' || type === 'book.disbursement-returned.v1') {
        const restored = event.data.restored.map(heldFromWire);
        await mark(tx, event.data.disbursement, restored, { ended_position: at, ended_day: effectiveOn });
      } else if (GIVING_BACK.has(type)) {
        for (const { use, gives = [] } of holdingsOf(event))
          await mark(tx, use, gives.map(heldFromWire), { ended_position: at, ended_day: effectiveOn });
      }
    }
    await tx.run(addPiece, waiting);
  };
}

/** Events of advances and debts that give units back. */
const GIVING_BACK: ReadonlySet<string> = new Set<keyof DebtEvents>([
  'book.advance-returned.v1',
  'book.advance-settled.v1',
  'book.supplier-debt-reduced.v1',
]);

const CORRECTIONS: ReadonlySet<string> = new Set<keyof CorrectionEvents>([
  'book.donor-refunded.v1',
  'book.receipt-adjusted.v1',
  'book.receipt-corrected.v1',
  'book.receipt-reversed.v1',
  'book.shortfall-settled.v1',
]);

/** The first day of the year of a book's stream. */
const yearStart = (stream: string): string => `${stream.slice(stream.lastIndexOf('-') + 1)}-01-01`;

/** By how much an event changes what counts of a receipt: what is short does not count any more. */
function amountChange(event: BookEvent): bigint {
  const received = movementsOf(event).filter(({ measure }) => measure === 'received');
  return received.reduce((sum, { amount }) => sum + amount, 0n);
}

const UNDECIDED = {
  paid_position: null,
  paid_day: null,
  ended_position: null,
  ended_day: null,
  begun_position: 0n,
  begun_day: '',
  covered_position: null,
  covered_day: null,
  lost: 0n,
};

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
