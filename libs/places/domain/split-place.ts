import { type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { checkEnding, checkSuccessor } from './ending.ts';
import { type PlaceSplit, placeStream } from './events.ts';
import type { NamedPlace, PlaceTree } from './place-tree.ts';

export interface SplitPlace {
  /** Named as it was on the day before. */
  readonly place: NamedPlace;
  /** Named as they are on the day; at least two. */
  readonly into: readonly NamedPlace[];
  readonly effectiveOn: Day;
}

/** Ends a place whose parts belong to several others from that day on; which part to which is not known. */
export function decideSplitPlace(command: SplitPlace, tree: PlaceTree): Result<Fact[]> {
  const { effectiveOn } = command;
  const ending = checkEnding(tree, command.place, effectiveOn);
  if (!ending.ok) return ending;
  const into = new Set<string>();
  for (const named of command.into) {
    const successor = checkSuccessor(tree, ending.value, named, effectiveOn);
    if (!successor.ok) return successor;
    into.add(successor.value);
  }
  const place = ending.value.id;
  if (into.size < 2) return refuse('PLACE_SPLIT_INTO_ONE', { place });
  const data: PlaceSplit = { place, into: [...into] };
  return ok([{ stream: placeStream(place), type: 'place.split.v1', effectiveOn, data }]);
}
