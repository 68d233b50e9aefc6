import { type Day, type Fact, type Result, ok } from '#kernel';
import { checkEnding } from './ending.ts';
import { type PlaceDissolved, placeStream } from './events.ts';
import type { NamedPlace, PlaceTree } from './place-tree.ts';

export interface DissolvePlace {
  /** Named as it was on the day before. */
  readonly place: NamedPlace;
  /** The first day on which it is no more. */
  readonly effectiveOn: Day;
}

/** Ends a place that nothing succeeds, like the districts on 2025-07-01 (Resolution 202/2025/QH15). */
export function decideDissolvePlace(command: DissolvePlace, tree: PlaceTree): Result<Fact[]> {
  const { effectiveOn } = command;
  const ending = checkEnding(tree, command.place, effectiveOn);
  if (!ending.ok) return ending;
  const data: PlaceDissolved = { place: ending.value.id };
  return ok([{ stream: placeStream(data.place), type: 'place.dissolved.v1', effectiveOn, data }]);
}
