import {
  type Backing,
  type Cover,
  type MovePiece,
  type Range,
  type Shortfall,
  intersect,
  joinInOrder,
  pairInOrder,
  subtract,
  toSet,
} from '#kernel';
import { type Held, fromWire, toWire } from './book-state.ts';
import type { CoveredUnits, ShortUnits } from './events-corrections.ts';

export const coverFromWire = ({ use, replaced, by }: CoveredUnits): Cover => ({
  id: use,
  replaced: replaced.map(fromWire),
  by: by.map(fromWire),
});
export const coverToWire = ({ id, replaced, by }: Cover): CoveredUnits => ({
  use: id,
  replaced: joinInOrder(replaced).map(toWire),
  by: joinInOrder(by).map(toWire),
});
export const shortFromWire = ({ use, units }: ShortUnits): Shortfall => ({
  id: use,
  units: units.map(fromWire),
});
export const shortToWire = ({ id, units }: Shortfall): ShortUnits => ({ use: id, units: units.map(toWire) });

/** Each reversed piece with the equally large one that stands in its place. */
export const pairsOf = ({ replaced, by }: Pick<Cover, 'replaced' | 'by'>): MovePiece[] =>
  pairInOrder(replaced, by);

/** A backing after a cover: each reversed unit in it gives its place to the one it is paired with. */
export function substitute(backing: Backing, cover: Pick<Cover, 'replaced' | 'by'>): Range[] {
  const pairs = pairsOf(cover).toSorted((a, b) => (a.source.from < b.source.from ? -1 : 1));
  return joinInOrder(
    backing.flatMap((range) => {
      const hits = pairs.flatMap(({ source, target }) =>
        intersect([range], [source]).map((hit) => ({ hit, shift: target.from - source.from })),
      );
      const kept = subtract([range], toSet(hits.map(({ hit }) => hit))).map((hit) => ({ hit, shift: 0n }));
      return [...hits, ...kept]
        .toSorted((a, b) => (a.hit.from < b.hit.from ? -1 : 1))
        .map(({ hit, shift }) => ({ from: hit.from + shift, to: hit.to + shift }));
    }),
  );
}

/** What a use holds after one of its covers in a pool. */
export const coverHeld = (held: readonly Held[], pool: string, cover: Cover): Held[] =>
  held.map((h) => (h.pool === pool ? { pool, units: substitute(h.units, cover) } : h));

/** The pieces of a move after one of the covers of its source units. */
export const coverPieces = (pieces: readonly MovePiece[], cover: Cover): MovePiece[] =>
  pieces.flatMap(({ source, target }) => pairInOrder(substitute([source], cover), [target]));
