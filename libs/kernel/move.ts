import { invariant } from './invariant.ts';
import {
  type Backing,
  type Range,
  type RangeSet,
  intersect,
  joinInOrder,
  replaceUnits,
  sizeOf,
  subtract,
  takeFirst,
} from './span.ts';

/** One piece of a move: the units drawn and the equally many units minted for them. */
export interface MovePiece {
  readonly source: Range;
  readonly target: Range;
}

/**
 * Pairs the drawn units with the minted ones in order, piece by piece, so that a trace follows each unit
 * through the move. Both sides hold the same number of units.
 */
export const mapMove = (drawn: Backing, minted: Range): MovePiece[] => pairInOrder(drawn, [minted]);

/** The source units that were mapped to these target units, in the order of the pieces. */
export const sourceOf = (pieces: readonly MovePiece[], targetUnits: RangeSet): Range[] =>
  joinInOrder(cutMove(pieces, targetUnits).map(({ source }) => source));

/** The pieces cut down to these target units: what is left of a move of which other units were undone. */
export const cutMove = (pieces: readonly MovePiece[], targetUnits: RangeSet): MovePiece[] =>
  pieces.flatMap(({ source, target }) =>
    intersect([target], targetUnits).map(({ from, to }) => ({
      source: { from: source.from + (from - target.from), to: source.from + (to - target.from) },
      target: { from, to },
    })),
  );

/** The pieces after reversed source units were covered by others, which now stand behind the same targets. */
export const coverMove = (
  pieces: readonly MovePiece[],
  replaced: readonly Range[],
  by: readonly Range[],
): MovePiece[] =>
  pairInOrder(
    replaceUnits(
      pieces.map(({ source }) => source),
      replaced,
      by,
    ),
    pieces.map(({ target }) => target),
  );

/**
 * Pairs the units of one list with those of another in order: pieces of equal size. Both hold equally many.
 */
export function pairInOrder(sources: readonly Range[], targets: readonly Range[]): MovePiece[] {
  invariant(sizeOf(sources) === sizeOf(targets), 'what leaves equals what arrives');
  let missing = targets;
  return sources.flatMap((range) => {
    const { taken, rest } = takeFirst(missing, range.to - range.from);
    missing = rest;
    let from = range.from;
    return taken.map((target) => {
      const source = { from, to: from + target.to - target.from };
      from = source.to;
      return { source, target };
    });
  });
}

/**
 * A move with a ratio (DESIGN §4): currency into currency, money into goods. Whole units are drawn and minted,
 * each unit minted stands for an equal share of those drawn. A plain move is the exchange of equal numbers.
 */
export interface Exchange {
  readonly drawn: Backing;
  readonly minted: Range;
}

/**
 * A part of a pool whose borders may lie inside a unit: from `from/per` to `to/per`, exact. It comes from
 * tracing backwards; only `wholeUnits` and `unitsWithin` round, once, in the unit where the trace ends.
 */
export interface ExactRange {
  readonly from: bigint;
  readonly to: bigint;
  /** Positive. */
  readonly per: bigint;
}

export const exactly = (range: Range): ExactRange => ({ ...range, per: 1n });

/**
 * What was drawn for a part of the minted units, exactly and in the order drawn; what lies outside the minted
 * units is left out. Parts of any number of exchanges and moves in a row can be pulled back.
 */
export function pullBack({ drawn, minted }: Exchange, part: ExactRange): ExactRange[] {
  const [out, into] = reduce(sizeOf(drawn), minted.to - minted.from);
  const per = part.per * into;
  /** How far a border lies behind the first unit drawn, counted in 1/per. */
  const offset = (border: bigint): bigint => (border - minted.from * part.per) * out;
  const asked = { from: offset(part.from), to: offset(part.to) };
  let passed = 0n;
  return drawn.flatMap(({ from, to }) => {
    const begin = passed;
    passed += (to - from) * per;
    // Added to an offset within this piece, it gives the place in the pool.
    const shift = from * per - begin;
    return intersect([asked], [{ from: begin, to: passed }]).map((hit) => ({
      from: hit.from + shift,
      to: hit.to + shift,
      per,
    }));
  });
}

/**
 * The part in whole units: each border floored. Parts that follow one another stay so, whatever their number,
 * hence they always add up; undefined when no whole unit falls to this part.
 */
export function wholeUnits({ from, to, per }: ExactRange): Range | undefined {
  const whole = { from: from / per, to: to / per };
  return whole.from < whole.to ? whole : undefined;
}

/**
 * How many units of `gift` fall to the part, floored cumulatively: over all parts of the gift they sum to the
 * gift, in the unit it was given.
 */
export function unitsWithin(part: ExactRange, gift: Range): bigint {
  const whole = wholeUnits(part);
  return whole ? sizeOf(intersect([whole], [gift])) : 0n;
}

/** One stretch of drawn units, and the part of the minted ones that stands for it, exactly. */
export interface ExchangePiece {
  readonly source: Range;
  readonly target: ExactRange;
}

/**
 * Pairs drawn units with their shares of the minted ones, in order. `drawn` may be a part of what the exchange
 * draws: `before` units were drawn ahead of it, `total` in all.
 */
export function mapExchange(
  drawn: Backing,
  minted: Range,
  { before = 0n, total = sizeOf(drawn) }: { readonly before?: bigint; readonly total?: bigint } = {},
): ExchangePiece[] {
  invariant(before >= 0n && before + sizeOf(drawn) <= total, 'an exchange draws no more than its total');
  const whole: ExactRange = { from: 0n, to: total, per: 1n };
  let passed = before;
  return drawn.map((source) => {
    const part = exactly({ from: passed, to: passed + source.to - source.from });
    passed = part.to;
    return { source, target: carry(part, whole, exactly(minted)) };
  });
}

/**
 * Where a part of `from` lies in `to`, when the two stand for each other evenly and in order: the start of one is
 * the start of the other, the end the end. Exact, in lowest terms.
 */
export function carry(part: ExactRange, from: ExactRange, to: ExactRange): ExactRange {
  const [out, into] = [from.to - from.from, to.to - to.from];
  const border = (at: bigint): bigint =>
    to.from * part.per * out + (at * from.per - from.from * part.per) * into;
  return inLowestTerms({ from: border(part.from), to: border(part.to), per: part.per * to.per * out });
}

/** What two parts of one pool have in common; undefined when they only touch or lie apart. */
export function commonPart(a: ExactRange, b: ExactRange): ExactRange | undefined {
  const [hit] = intersect(
    [{ from: a.from * b.per, to: a.to * b.per }],
    [{ from: b.from * a.per, to: b.to * a.per }],
  );
  return hit && inLowestTerms({ ...hit, per: a.per * b.per });
}

/** The parts of `a` outside `b`: before it and behind it. */
export function partsOutside(a: ExactRange, b: ExactRange): ExactRange[] {
  const hole = { from: b.from * a.per, to: b.to * a.per };
  return subtract([{ from: a.from * b.per, to: a.to * b.per }], [hole]).map((range) =>
    inLowestTerms({ ...range, per: a.per * b.per }),
  );
}

/** The fewest whole units that hold the part. */
export const unitsAround = ({ from, to, per }: ExactRange): Range => ({
  from: from / per,
  to: (to + per - 1n) / per,
});

function inLowestTerms({ from, to, per }: ExactRange): ExactRange {
  const divisor = divisorOf(divisorOf(from, to), per);
  return { from: from / divisor, to: to / divisor, per: per / divisor };
}

/** The greatest number that divides both; neither is below zero, and one is above. */
function divisorOf(a: bigint, b: bigint): bigint {
  let [divisor, rest] = [a, b];
  while (rest > 0n) [divisor, rest] = [rest, divisor % rest];
  return divisor;
}

/** The ratio of two positive numbers in lowest terms, so that the borders of long traces stay short. */
function reduce(a: bigint, b: bigint): [bigint, bigint] {
  const divisor = divisorOf(a, b);
  return [a / divisor, b / divisor];
}
