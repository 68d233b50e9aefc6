import { type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { type PlaceRenamed, placeStream } from './events.ts';
import { type NamedPlace, type PlaceTree, nameOn, resolvePlace } from './place-tree.ts';

export interface RenamePlace {
  readonly place: NamedPlace;
  readonly name: string;
  readonly effectiveOn: Day;
}

/** Gives a living place another name from a day on, letter by letter as the decision writes it. */
export function decideRenamePlace(command: RenamePlace, tree: PlaceTree): Result<Fact[]> {
  const { name, effectiveOn } = command;
  const place = resolvePlace(tree, command.place, effectiveOn);
  if (!place.ok) return place;
  const found = tree.places.get(place.value);
  if (found && nameOn(found, effectiveOn) === name) return refuse('PLACE_NAME_SAME', { name });
  const data: PlaceRenamed = { place: place.value, name };
  return ok([{ stream: placeStream(place.value), type: 'place.renamed.v1', effectiveOn, data }]);
}
