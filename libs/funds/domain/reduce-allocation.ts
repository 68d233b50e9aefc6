import {
  type Context,
  type Day,
  type Fact,
  type LedgerEvent,
  type MovePiece,
  type Range,
  type Result,
  type RangeSet,
  intersect,
  mapMove,
  ok,
  parseAmount,
  refuse,
  sizeOf,
  sourceOf,
  takeLast,
  toSet,
} from '#kernel';
import { type BookState, fromWire, heldToWire, poolOf, toWire } from './book.ts';
import { checkBook } from './checks.ts';
import { type AllocationReduced, type BookEvent, bookStream } from './events.ts';

export interface ReduceAllocation {
  readonly fund: string;
  readonly allocation: string;
  readonly amount: string;
  readonly narrative: string | null;
  readonly effectiveOn: Day;
}

/** Units of one move that can still be undone: free in the target, with their mapping to the source. */
interface Undoable {
  readonly target: string;
  readonly source: string;
  readonly pieces: readonly MovePiece[];
  readonly free: RangeSet;
}

/**
 * Undoes an allocation in part or whole: the latest moved units that are still free in the target are
 * voided there and their source units are free again. Units already used stay used.
 */
export function decideReduceAllocation(
  command: ReduceAllocation,
  book: BookState,
  history: readonly LedgerEvent[],
  context: Context,
): Result<Fact[]> {
  const { fund, allocation, effectiveOn } = command;
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  const events = history as readonly BookEvent[];
  const made = events.find((e) => e.type === 'book.allocation-approved.v1');
  if (made === undefined || made.stream !== bookStream(fund, book.year))
    return refuse('ALLOCATION_UNKNOWN', { allocation, fund });
  const reductions = events.filter((e) => e.type === 'book.allocation-reduced.v1').length;
  if (reductions !== (book.reworked.get(allocation) ?? 0)) return refuse('HISTORY_BEHIND', { item: allocation });
  const undoable: Undoable[] = made.data.moves.map(({ from, to }) => ({
    target: to.pool,
    source: from.pool,
    pieces: mapMove(from.units.map(fromWire), fromWire(to.minted)),
    free: intersect([fromWire(to.minted)], poolOf(book, to.pool).free),
  }));
  const free = undoable.reduce((sum, u) => sum + sizeOf(u.free), 0n);
  if (free < amount.value)
    return refuse('ALLOCATION_USED', { allocation, asked: String(amount.value), free: String(free) });
  const data: AllocationReduced = {
    allocation,
    commodity: made.data.commodity,
    amount: command.amount,
    undone: undo(undoable, amount.value),
    narrative: command.narrative,
  };
  return ok([{ stream: bookStream(fund, book.year), type: 'book.allocation-reduced.v1', effectiveOn, data }]);
}

function undo(undoable: readonly Undoable[], amount: bigint): AllocationReduced['undone'] {
  const undone: { voided: ReturnType<typeof heldToWire>; restored: ReturnType<typeof heldToWire> }[] = [];
  let missing = amount;
  for (const { target, source, pieces, free } of undoable.toReversed()) {
    const here = sizeOf(free) < missing ? sizeOf(free) : missing;
    if (here === 0n) continue;
    const voided: Range[] = takeLast(free, here).taken;
    undone.push({
      voided: { pool: target, units: voided.map(toWire) },
      restored: heldToWire({ pool: source, units: sourceOf(pieces, toSet(voided)) }),
    });
    missing -= here;
  }
  return undone;
}
