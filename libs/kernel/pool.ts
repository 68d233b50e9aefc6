import { invariant } from './invariant.ts';
import {
  type Backing,
  EMPTY,
  type Range,
  type RangeSet,
  intersect,
  joinInOrder,
  sizeOf,
  subtract,
  takeFirst,
  toSet,
  union,
} from './span.ts';

/**
 * What a book remembers of a pool: how many units were ever minted, and which of them are free. Units that
 * are not free are committed, spent, moved or voided; the events say which (DESIGN §4).
 */
export interface Pool {
  readonly minted: bigint;
  readonly free: RangeSet;
  /** Units that reversals could not cover; the pool's next units fill it first. */
  readonly shortfall: bigint;
}

export const EMPTY_POOL: Pool = { minted: 0n, free: EMPTY, shortfall: 0n };

/** How many units can still be drawn. */
export const available = (pool: Pool): bigint => sizeOf(pool.free);

/** Mints the next `amount` units; they are free. The minted spans of a pool are contiguous and disjoint. */
export function mint(pool: Pool, amount: bigint): { pool: Pool; minted: Range } {
  invariant(amount > 0n, 'a mint has at least one unit');
  const minted = { from: pool.minted, to: pool.minted + amount };
  return { pool: { ...pool, minted: minted.to, free: union(pool.free, [minted]) }, minted };
}

/** Draws the lowest `amount` free units; undefined when there are not that many. Never below zero. */
export function draw(pool: Pool, amount: bigint): { pool: Pool; drawn: Backing } | undefined {
  invariant(amount > 0n, 'a draw has at least one unit');
  if (available(pool) < amount) return undefined;
  const { taken, rest } = takeFirst(pool.free, amount);
  return { pool: { ...pool, free: rest }, drawn: taken };
}

/** Takes exactly these units out of the free ones (replaying a draw, a move or a void that an event names). */
export function remove(pool: Pool, units: readonly Range[]): Pool {
  const set = toSet(units);
  invariant(sizeOf(intersect(set, pool.free)) === sizeOf(set), 'only free units leave the free ones');
  return { ...pool, free: subtract(pool.free, set) };
}

/** Makes units free again that were drawn before (a cancelled commitment, a returned payment). */
export function restore(pool: Pool, units: readonly Range[]): Pool {
  const set = toSet(units);
  invariant(set.every((range) => range.to <= pool.minted), 'only minted units come back');
  return { ...pool, free: union(pool.free, set) };
}

/** One piece of a move: the units drawn and the equally many units minted for them. */
export interface MovePiece {
  readonly source: Range;
  readonly target: Range;
}

/**
 * Pairs the drawn units with the minted ones in order, piece by piece, so that a trace follows each unit
 * through the move. Both sides hold the same number of units.
 */
export function mapMove(drawn: Backing, minted: Range): MovePiece[] {
  invariant(sizeOf(drawn) === minted.to - minted.from, 'what leaves equals what arrives');
  let at = minted.from;
  return drawn.map((source) => {
    const target = { from: at, to: at + source.to - source.from };
    at = target.to;
    return { source, target };
  });
}

/** The source units that were mapped to these target units, in the order of the pieces. */
export function sourceOf(pieces: readonly MovePiece[], targetUnits: RangeSet): Range[] {
  return joinInOrder(
    pieces.flatMap(({ source, target }) =>
      intersect([target], targetUnits).map(({ from, to }) => ({
        from: source.from + (from - target.from),
        to: source.from + (to - target.from),
      })),
    ),
  );
}

/** A use that holds units: a commitment, a payment or a move, by its id, with its ordered backing. */
export interface Use {
  readonly id: string;
  readonly backing: Backing;
}

/** A use whose reversed units were replaced by others: its whole backing before and after, in order. */
export interface CoveredUse {
  readonly id: string;
  readonly before: Backing;
  readonly after: Backing;
}

/** What reversing a receipt does in the pool where it was minted. */
export interface Reversal {
  readonly pool: Pool;
  /** Units that never return: the free ones, and the used ones once covered. */
  readonly voided: RangeSet;
  readonly covered: readonly CoveredUse[];
  /** Used units for which nothing was free; listed until the pool's next units fill them. */
  readonly shortfall: bigint;
}

/**
 * Reverses units of a receipt (DESIGN §4): the free ones are voided; those in use are covered, the backing
 * of each use getting equally many of the lowest other free units in the same places; a part for which
 * nothing is free stays in the backing and is the shortfall. `uses` are all uses that hold any of the units,
 * in the order they were made.
 */
export function reverse(pool: Pool, units: RangeSet, uses: readonly Use[]): Reversal {
  const free = intersect(units, pool.free);
  let left: Pool = { ...pool, free: subtract(pool.free, toSet(free)) };
  const voided: Range[] = [...free];
  const covered: CoveredUse[] = [];
  let missing = 0n;
  for (const use of uses) {
    const held = sizeOf(intersect(use.backing, units));
    const coverable = held < available(left) ? held : available(left);
    missing += held - coverable;
    if (coverable === 0n) continue;
    const drawn = draw(left, coverable);
    invariant(drawn !== undefined, 'what is coverable can be drawn');
    left = drawn.pool;
    const { after, replaced } = replaceUnits(use.backing, units, drawn.drawn);
    voided.push(...replaced);
    covered.push({ id: use.id, before: use.backing, after });
  }
  invariant(sizeOf(voided) + missing === sizeOf(units), 'reversed units are voided or a shortfall');
  return {
    pool: { ...left, shortfall: left.shortfall + missing },
    voided: toSet(voided),
    covered,
    shortfall: missing,
  };
}

/** Puts `cover` in the places of the first units of the backing that are in `units`, keeping the order. */
function replaceUnits(backing: Backing, units: RangeSet, cover: Backing): { after: Range[]; replaced: Range[] } {
  const after: Range[] = [];
  const replaced: Range[] = [];
  let unused: readonly Range[] = cover;
  for (const range of backing) {
    const hit = toSet(intersect([range], units));
    // The range cut at every border between units that go and units that stay, in order.
    const pieces = toSortedPieces([...subtract([range], hit), ...hit]);
    for (const piece of pieces) {
      const goes = intersect([piece], hit).length > 0;
      const size = goes ? minimum(piece.to - piece.from, sizeOf(unused)) : 0n;
      if (size === 0n) {
        after.push(piece);
        continue;
      }
      const { taken, rest } = takeFirst(unused, size);
      unused = rest;
      after.push(...taken);
      replaced.push({ from: piece.from, to: piece.from + size });
      if (piece.from + size < piece.to) after.push({ from: piece.from + size, to: piece.to });
    }
  }
  return { after: joinInOrder(after), replaced };
}

const toSortedPieces = (ranges: readonly Range[]): Range[] =>
  ranges.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));

const minimum = (a: bigint, b: bigint): bigint => (a < b ? a : b);
