import type { Day } from '#kernel';
import {
  type AsOf,
  type FactDefinition,
  type FactTables,
  type ReadContext,
  type Standing,
  factProjection,
  readAsOf,
  readFacts,
} from '#read-models';
import type { PlaceEvent, PlaceLevel } from '../../domain/events.ts';
import { type PlaceTree, emptyTree, evolvePlaces, livesOn, nameOn } from '../../domain/place-tree.ts';

const definition: FactDefinition<PlaceEvent> = {
  name: 'places',
  version: 1,
  types: [
    'place.established.v1',
    'place.renamed.v1',
    'place.merged.v1',
    'place.split.v1',
    'place.dissolved.v1',
  ],
  keyOf: ({ data }) => data.place,
};

/** Every administrative unit with what became of it. */
export const places = factProjection(definition);

/**
 * The tree of all places as known then. Places carry their own dates, so it answers for every effective day
 * and takes none.
 */
export async function readPlaceTree(
  context: ReadContext,
  { knownAt }: Pick<AsOf, 'knownAt'> = {},
): Promise<Standing & { readonly tree: PlaceTree }> {
  return readAsOf<FactTables, { tree: PlaceTree }>(
    context,
    [definition.name],
    { knownAt },
    async (trx, { knownAt: known, through }) => {
      const facts = await readFacts(trx, definition, { knownAt: known, through, funds: 'all' });
      const events = [...facts.values()].flat().toSorted((a, b) => a.position - b.position);
      return { tree: events.reduce(evolvePlaces, emptyTree()) };
    },
  );
}

/** A place as a list shows it on one day. */
export interface PlaceRow {
  readonly place: string;
  readonly code: string;
  readonly name: string;
  readonly level: PlaceLevel;
  /** Place id of the unit above; null at the top. */
  readonly parent: string | null;
}

export interface PlacesQuery extends Pick<AsOf, 'knownAt'> {
  /** The units of this day. */
  readonly on: Day;
  readonly level?: PlaceLevel | undefined;
}

/** The places that are there on a day, in the order of their codes. */
export async function readPlaces(
  context: ReadContext,
  { on, level, knownAt }: PlacesQuery,
): Promise<Standing & { readonly rows: readonly PlaceRow[] }> {
  const { tree, ...standing } = await readPlaceTree(context, { knownAt });
  const rows = [...tree.places.values()]
    .filter((place) => livesOn(place, on) && (level === undefined || place.level === level))
    .map((place) => ({
      place: place.id,
      code: place.code,
      name: nameOn(place, on),
      level: place.level,
      parent: place.parent,
    }))
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
  return { ...standing, effectiveThrough: on, rows };
}
