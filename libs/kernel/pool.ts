import { invariant } from './invariant.ts';
import {
  type Backing,
  EMPTY,
  type Range,
  type RangeSet,
  extend,
  holdsAtLeast,
  intersect,
  sizeOf,
  subtract,
  takeFirst,
  toSet,
  union,
  without,
} from './span.ts';

/**
 * What a book remembers of a pool: how many units were ever minted, which of them are free, and which are in
 * use though their receipt was reversed. Units that are neither are committed, spent, moved or voided; the
 * events say which (DESIGN §4).
 */
export interface Pool {
  readonly minted: bigint;
  readonly free: RangeSet;
  /**
   * Units that stand for units of other pools: moves, exchanges and transfers brought them. They are used like
   * any other but never cover reversed units: after a move away and back they would stand behind themselves.
   */
  readonly movedIn: RangeSet;
  /** Oldest first. The pool's next units fill them: see `fillShortfalls`. */
  readonly shortfalls: readonly Shortfall[];
}

/** Units of a reversed receipt that a use still holds because nothing was free to cover them. */
export interface Shortfall {
  /** The use that holds them. */
  readonly id: string;
  /** In the order of the use's backing. */
  readonly units: readonly Range[];
}

export const EMPTY_POOL: Pool = { minted: 0n, free: EMPTY, movedIn: EMPTY, shortfalls: [] };

/** How many units uses hold although their receipt was reversed. */
export const shortOf = (pool: Pool): bigint => sizeOf(pool.shortfalls.flatMap(({ units }) => units));

/** How many units can still be drawn: the free ones, less what shortfalls will take of them. Never below zero. */
export function available(pool: Pool): bigint {
  const left = sizeOf(pool.free) - shortOf(pool);
  return left > 0n ? left : 0n;
}

/**
 * Mints the next `amount` units for what comes from outside (receipts, interest); they are free. The minted
 * spans of a pool are contiguous and disjoint. Follow it with `fillShortfalls`.
 */
export function mint(pool: Pool, amount: bigint): { pool: Pool; minted: Range } {
  invariant(amount > 0n, 'a mint has at least one unit');
  const minted = { from: pool.minted, to: pool.minted + amount };
  return { pool: { ...pool, minted: minted.to, free: extend(pool.free, minted) }, minted };
}

/** Mints the next `amount` units for what a move, an exchange or a transfer brings; they are free. */
export function mintMoved(pool: Pool, amount: bigint): { pool: Pool; minted: Range } {
  const { pool: after, minted } = mint(pool, amount);
  return { pool: { ...after, movedIn: extend(after.movedIn, minted) }, minted };
}

/** Draws the lowest `amount` free units; undefined when there are not that many. Never below zero. */
export function draw(pool: Pool, amount: bigint): { pool: Pool; drawn: Backing } | undefined {
  invariant(amount > 0n, 'a draw has at least one unit');
  if (!holdsAtLeast(pool.free, amount + shortOf(pool))) return undefined;
  const { taken, rest } = takeFirst(pool.free, amount);
  return { pool: { ...pool, free: rest }, drawn: taken };
}

/** Takes exactly these units out of the free ones (replaying a draw, a move or a void that an event names). */
export const remove = (pool: Pool, units: readonly Range[]): Pool => ({
  ...pool,
  free: without(pool.free, units),
});

/**
 * Takes back units that a use held (a cancelled commitment, a returned payment, a move undone): they are free
 * again, except those of a shortfall (`uncovered`), which are voided. Follow it with `fillShortfalls`.
 */
export function restore(pool: Pool, units: readonly Range[]): Pool {
  const set = toSet(units);
  invariant(
    set.every((range) => range.to <= pool.minted),
    'only minted units come back',
  );
  const free = union(pool.free, subtract(set, uncovered(pool, set)));
  return { ...pool, free, shortfalls: strike(pool.shortfalls, set) };
}

/** Those of the units that a shortfall lists: when their use gives them back they are voided, not freed. */
export const uncovered = (pool: Pool, units: readonly Range[]): RangeSet =>
  toSet(pool.shortfalls.flatMap((shortfall) => intersect(shortfall.units, toSet(units))));

/** The shortfalls without these units; an entry without units is gone. */
export const strike = (shortfalls: readonly Shortfall[], units: RangeSet): Shortfall[] =>
  shortfalls
    .map((shortfall) => ({ ...shortfall, units: subtract(shortfall.units, units) }))
    .filter(({ units: left }) => left.length > 0);
