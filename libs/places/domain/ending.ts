import { type Day, type Result, refuse } from '#kernel';
import { type NamedPlace, type Place, type PlaceTree, resolveEnding, resolvePlace } from './place-tree.ts';

/**
 * The place that a merge, split or dissolution ends on that day. It lived the day before, its end was not stated
 * yet, no unit below it lives on, and nothing became part of it on that day or later.
 */
export function checkEnding(tree: PlaceTree, named: NamedPlace, day: Day): Result<Place> {
  const found = resolveEnding(tree, named, day);
  if (!found.ok) return found;
  const { id, children, sources, succession } = found.value;
  if (succession !== null && succession.kind !== 'unstated')
    return refuse('PLACE_ENDED', { place: id, date: found.value.to ?? day });
  const below = children.find((child) => {
    const to = tree.places.get(child)?.to;
    return to == null || to > day;
  });
  if (below !== undefined) return refuse('PLACE_HAS_UNITS', { place: id, unit: below, date: day });
  const received = sources.find(({ on }) => on >= day);
  if (received) return refuse('PLACE_RECEIVED_LATER', { place: id, from: received.place, date: received.on });
  return found;
}

/** The place that succeeds the one that ends: it lives on that day, so it is another one. */
export function checkSuccessor(tree: PlaceTree, ending: Place, named: NamedPlace, day: Day): Result<string> {
  const found = resolvePlace(tree, named, day);
  return found.ok && found.value === ending.id ? refuse('PLACE_INTO_ITSELF', { place: ending.id }) : found;
}
