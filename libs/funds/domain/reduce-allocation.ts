import {
  type Context,
  type Day,
  type Fact,
  type LedgerEvent,
  type MovePiece,
  type RangeSet,
  type Result,
  cutMove,
  intersect,
  joinInOrder,
  mapMove,
  ok,
  parseAmount,
  refuse,
  sizeOf,
  takeLast,
  toSet,
} from '#kernel';
import { type BookState, fromWire, heldToWire, poolOf } from './book.ts';
import { checkBook } from './checks.ts';
import { coverFromWire, coverPieces } from './covers.ts';
import { SPANS_PER_EVENT_MAX, numbered } from './draw-pools.ts';
import { type AllocationReduced, type BookEvent, bookStream } from './events.ts';
import { lateIn } from './gift.ts';
import { holdingsOf } from './holdings.ts';
import { goesOnWith } from './predecessors.ts';

export interface ReduceAllocation {
  readonly fund: string;
  readonly allocation: string;
  readonly amount: string;
  readonly narrative: string | null;
  readonly effectiveOn: Day;
}

/** Two pools and the pieces of a move between them. */
interface Way {
  readonly source: string;
  readonly target: string;
  readonly pieces: readonly MovePiece[];
}

/** A move of the allocation with those of its target units that are still free, so that they can be undone. */
interface Undoable extends Way {
  readonly free: RangeSet;
}

/**
 * Undoes an allocation in part or whole: the latest moved units that are still free in the target are
 * voided there and their source units are free again. Units already used stay used. `history` gives the
 * moves, which never change; what of them was used or undone since, the book itself knows.
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
  const stream = bookStream(fund, book.year);
  const made = (history as readonly BookEvent[]).flatMap((event) =>
    event.type === 'book.allocation-approved.v1' && goesOnWith(book, event.stream) ? [event] : [],
  );
  const [first] = made;
  if (first === undefined) return refuse('ALLOCATION_UNKNOWN', { allocation, fund });
  const late = lateIn(book, first);
  if (made.length < first.data.parts) return refuse('HISTORY_BEHIND', { item: allocation });
  // Reversed source units gave their places to others, which come back in their stead.
  const covers = history
    .flatMap(holdingsOf)
    .flatMap(({ use, covers: made }) => (made && use === allocation ? [made] : []));
  const undoable: Undoable[] = made.flatMap(({ data }) =>
    data.moves.map(({ from, to }) => ({
      source: from.pool,
      target: to.pool,
      pieces: covers.reduce(
        (pieces, { pool, cover }) =>
          pool === from.pool ? coverPieces(pieces, coverFromWire(cover)) : pieces,
        mapMove(from.units.map(fromWire), fromWire(to.minted)),
      ),
      free: intersect([fromWire(to.minted)], poolOf(book, to.pool).free),
    })),
  );
  const free = undoable.reduce((sum, u) => sum + sizeOf(u.free), 0n);
  if (free < amount.value)
    return refuse('ALLOCATION_USED', { allocation, asked: String(amount.value), free: String(free) });
  const reduced: AllocationReduced[] = numbered(inEvents(undo(undoable, amount.value)), (ways) => ({
    allocation,
    commodity: first.data.commodity,
    amount: command.amount,
    ...late,
    undone: ways.map(toWire),
    narrative: command.narrative,
  }));
  return ok(reduced.map((data) => ({ stream, type: 'book.allocation-reduced.v1', effectiveOn, data })));
}

/** The pieces that go back, the latest move first. */
function undo(undoable: readonly Undoable[], amount: bigint): Way[] {
  const undone: Way[] = [];
  let missing = amount;
  for (const { source, target, pieces, free } of undoable.toReversed()) {
    const here = sizeOf(free) < missing ? sizeOf(free) : missing;
    if (here > 0n)
      undone.push({ source, target, pieces: cutMove(pieces, toSet(takeLast(free, here).taken)) });
    missing -= here;
  }
  return undone;
}

/** Each piece is a span voided and a span restored. */
const PIECES_PER_EVENT_MAX = SPANS_PER_EVENT_MAX / 2;

/** Cut so that no event holds more spans than it may. */
function inEvents(ways: readonly Way[]): Way[][] {
  const single = ways.flatMap((way) => way.pieces.map((piece) => ({ ...way, pieces: [piece] })));
  const events: Way[][] = [];
  for (let at = 0; at < single.length; at += PIECES_PER_EVENT_MAX)
    events.push(joinWays(single.slice(at, at + PIECES_PER_EVENT_MAX)));
  return events;
}

/** Neighbours between the same two pools as one. */
function joinWays(ways: readonly Way[]): Way[] {
  const joined: Way[] = [];
  for (const way of ways) {
    const last = joined.at(-1);
    if (last?.source === way.source && last.target === way.target)
      joined[joined.length - 1] = { ...last, pieces: [...last.pieces, ...way.pieces] };
    else joined.push(way);
  }
  return joined;
}

const toWire = ({ source, target, pieces }: Way): AllocationReduced['undone'][number] => ({
  voided: heldToWire({ pool: target, units: joinInOrder(pieces.map((piece) => piece.target)) }),
  restored: heldToWire({ pool: source, units: joinInOrder(pieces.map((piece) => piece.source)) }),
});
