import { type Day, type Fact, type Result, ok } from '#kernel';
import { checkEnding, checkSuccessor } from './ending.ts';
import { type PlaceMerged, placeStream } from './events.ts';
import type { NamedPlace, PlaceTree } from './place-tree.ts';

export interface MergePlace {
  /** Named as it was on the day before. */
  readonly place: NamedPlace;
  /** Named as it is on the day. */
  readonly into: NamedPlace;
  /** The first day on which the place is part of the other. */
  readonly effectiveOn: Day;
}

/** Ends a place whose whole became part of another. */
export function decideMergePlace(command: MergePlace, tree: PlaceTree): Result<Fact[]> {
  const { effectiveOn } = command;
  const ending = checkEnding(tree, command.place, effectiveOn);
  if (!ending.ok) return ending;
  const into = checkSuccessor(tree, ending.value, command.into, effectiveOn);
  if (!into.ok) return into;
  const place = ending.value.id;
  const data: PlaceMerged = { place, into: into.value };
  return ok([{ stream: placeStream(place), type: 'place.merged.v1', effectiveOn, data }]);
}
