import { invariant } from './invariant.ts';
import { type Pool, type Shortfall, remove, strike } from './pool.ts';
import {
  type Backing,
  type Range,
  type RangeSet,
  intersect,
  replaceUnits,
  sizeOf,
  subtract,
  takeFirst,
  toSet,
} from './span.ts';

/** A use that holds units: a commitment, a payment or a move, by its id, with its ordered backing. */
export interface Use {
  readonly id: string;
  readonly backing: Backing;
}

/**
 * Reversed units of a use and the equally many others that take their places, both in the order of the use's
 * backing. `replaceUnits(backing, replaced, by)` is the backing from then on.
 */
export interface Cover {
  /** The use that is covered. */
  readonly id: string;
  readonly replaced: readonly Range[];
  readonly by: readonly Range[];
}

/** A cover with the whole backing of its use before and after. */
export interface CoveredUse extends Cover {
  readonly before: Backing;
  readonly after: Backing;
}

/** What reversing a receipt does in the pool where it was minted. */
export interface Reversal {
  readonly pool: Pool;
  /** Units that never return: the free ones, and the used ones that were covered. */
  readonly voided: RangeSet;
  readonly covered: readonly CoveredUse[];
  /** Used units for which nothing was free; listed in the pool until its next units fill them. */
  readonly shortfalls: readonly Shortfall[];
}

/**
 * Reverses units of a receipt (DESIGN §4): the free ones are voided; those in use are covered, the backing of
 * each use getting equally many of the lowest other free units in the same places; a part for which nothing
 * is free stays in the backing and is a shortfall. Units that were moved in do not cover (see `Pool`).
 * `uses` are all uses that hold any of the units, in the order they were made. The units may be reversed once
 * only, and older shortfalls must be filled first.
 */
export function reverse(pool: Pool, units: RangeSet, uses: readonly Use[]): Reversal {
  const free = toSet(intersect(pool.free, units));
  const held = uses.map(({ id, backing }) => ({ id, units: intersect(backing, units) }));
  invariant(
    sizeOf(free) + sizeOf(held.flatMap((shortfall) => shortfall.units)) === sizeOf(units),
    'each unit reversed is either free or held by one use',
  );
  const { covers, left } = cover(held, remove(pool, free));
  invariant(pool.shortfalls.length === 0 || covers.length === 0, 'older shortfalls are filled first');
  const backings = new Map(uses.map(({ id, backing }) => [id, backing]));
  const reversal = {
    voided: toSet([...free, ...covers.flatMap(({ replaced }) => replaced)]),
    covered: covers.map((made) => {
      const before = backings.get(made.id) ?? [];
      return { ...made, before, after: replaceUnits(before, made.replaced, made.by) };
    }),
    shortfalls: left,
  };
  return { pool: applyReversal(pool, reversal), ...reversal };
}

/** The pool after a reversal that an event names. */
export function applyReversal(
  pool: Pool,
  {
    voided,
    covered,
    shortfalls,
  }: { voided: RangeSet; covered: readonly Cover[]; shortfalls: readonly Shortfall[] },
): Pool {
  const left = remove(pool, [...intersect(pool.free, voided), ...covered.flatMap(({ by }) => by)]);
  return { ...left, shortfalls: [...left.shortfalls, ...shortfalls] };
}

/**
 * Lets the free units fill the listed shortfalls, the lowest units the oldest shortfall first; the units
 * replaced are voided. Belongs after everything that makes units free (`mint`, `restore`), so that nothing
 * which could cover stays free beside a shortfall. No covers: nothing was listed or nothing can cover.
 */
export function fillShortfalls(pool: Pool): { pool: Pool; covers: readonly Cover[] } {
  if (pool.shortfalls.length === 0) return { pool, covers: [] };
  const { covers } = cover(pool.shortfalls, pool);
  return { pool: applyCovers(pool, covers), covers };
}

/** The pool after its shortfalls were filled as an event names it. */
export function applyCovers(pool: Pool, covers: readonly Cover[]): Pool {
  const left = remove(
    pool,
    covers.flatMap(({ by }) => by),
  );
  return { ...left, shortfalls: strike(left.shortfalls, toSet(covers.flatMap(({ replaced }) => replaced))) };
}

/** Gives the lowest free units that can cover to the first of the held ones, as far as they go. */
function cover(held: readonly Shortfall[], pool: Pool): { covers: Cover[]; left: Shortfall[] } {
  const covers: Cover[] = [];
  const left: Shortfall[] = [];
  let unused: readonly Range[] = subtract(pool.free, pool.movedIn);
  let spare = sizeOf(unused);
  for (const { id, units } of held) {
    const short = sizeOf(units);
    const size = short < spare ? short : spare;
    spare -= size;
    const { taken: replaced, rest: missing } = takeFirst(units, size);
    const { taken: by, rest } = takeFirst(unused, size);
    unused = rest;
    if (replaced.length > 0) covers.push({ id, replaced, by });
    if (missing.length > 0) left.push({ id, units: missing });
  }
  return { covers, left };
}
