import { type Day, type LedgerEvent, type Result, invariant, ok, refuse } from '#kernel';
import type { PlaceEvent, PlaceLevel } from './events.ts';
import { foldPlaceName } from './fold-name.ts';

/**
 * What became of a place that is no more. `unstated`: its code was given to another unit and nobody has said
 * yet where it went, so it is restated nowhere.
 */
export type Succession =
  | { readonly kind: 'merged'; readonly into: string }
  | { readonly kind: 'split'; readonly into: readonly string[] }
  | { readonly kind: 'dissolved' }
  | { readonly kind: 'unstated' };

/** A name and the day from which it is borne. */
interface DatedName {
  readonly from: Day;
  readonly name: string;
}

export interface Place {
  readonly id: string;
  readonly code: string;
  readonly level: PlaceLevel;
  /** Place id of the unit above; null at the top. A place never changes its parent: a new place does. */
  readonly parent: string | null;
  /** First day. */
  readonly from: Day;
  /** The first day on which it is no more; null while it lives. */
  readonly to: Day | null;
  readonly succession: Succession | null;
  /** In the order of their days, the first from `from`. */
  readonly names: readonly DatedName[];
  readonly children: readonly string[];
  /** Places that became part of this one, wholly (`merged`) or in a part that is not known (`split`). */
  readonly sources: readonly { readonly place: string; readonly on: Day; readonly whole: boolean }[];
}

/** Every place by its id, and the ids that bore each code in the order of their days. */
export interface PlaceTree {
  readonly places: Map<string, Place>;
  readonly byCode: Map<string, readonly string[]>;
}

export const emptyTree = (): PlaceTree => ({ places: new Map(), byCode: new Map() });

const placeOf = (tree: PlaceTree, id: string): Place => {
  const place = tree.places.get(id);
  invariant(place !== undefined, `place ${id} is established`);
  return place;
};

const change = (tree: PlaceTree, id: string, changes: (place: Place) => Partial<Place>): void => {
  const place = placeOf(tree, id);
  tree.places.set(id, { ...place, ...changes(place) });
};

/** True when the place is there on that day: from its first day on, and not on the day it ended. */
export const livesOn = (place: Place, day: Day): boolean =>
  place.from <= day && (place.to === null || day < place.to);

/** True when the place is there on the day before: that is where a unit that ends on `day` still lives. */
const livesBefore = (place: Place, day: Day): boolean =>
  place.from < day && (place.to === null || day <= place.to);

/** Places that bore the code, oldest first. */
export const bearersOf = (tree: PlaceTree, code: string): Place[] =>
  (tree.byCode.get(code) ?? []).map((id) => placeOf(tree, id));

/** Folds place events in log order; the tree given is changed. */
export function evolvePlaces(tree: PlaceTree, event: LedgerEvent): PlaceTree {
  const { type, data, effectiveOn } = event as PlaceEvent;
  switch (type) {
    case 'place.established.v1': {
      const { place: id, code, from, name, level, parent } = data;
      const bearers = bearersOf(tree, code);
      const later = bearers.find((other) => other.from > from);
      const earlier = bearers.findLast((other) => other.from < from && livesOn(other, from));
      // A code means one place on a day, so the next bearer of the code ends the one before it.
      if (earlier) change(tree, earlier.id, () => ({ to: from, succession: { kind: 'unstated' } }));
      tree.places.set(id, {
        id,
        code,
        level,
        parent,
        from,
        to: later?.from ?? null,
        succession: later ? { kind: 'unstated' } : null,
        names: [{ from, name }],
        children: [],
        sources: [],
      });
      tree.byCode.set(
        code,
        [...bearers.map((other) => other.id), id].toSorted((a, b) =>
          placeOf(tree, a).from < placeOf(tree, b).from ? -1 : 1,
        ),
      );
      if (parent !== null) change(tree, parent, ({ children }) => ({ children: [...children, id] }));
      return tree;
    }
    case 'place.renamed.v1':
      change(tree, data.place, ({ names }) => ({
        names: [
          ...names.filter(({ from }) => from !== effectiveOn),
          { from: effectiveOn, name: data.name },
        ].toSorted((a, b) => (a.from < b.from ? -1 : 1)),
      }));
      return tree;
    case 'place.merged.v1':
      change(tree, data.place, () => ({ to: effectiveOn, succession: { kind: 'merged', into: data.into } }));
      addSource(tree, data.into, { place: data.place, on: effectiveOn, whole: true });
      return tree;
    case 'place.split.v1':
      change(tree, data.place, () => ({ to: effectiveOn, succession: { kind: 'split', into: data.into } }));
      for (const into of data.into)
        addSource(tree, into, { place: data.place, on: effectiveOn, whole: false });
      return tree;
    case 'place.dissolved.v1':
      change(tree, data.place, () => ({ to: effectiveOn, succession: { kind: 'dissolved' } }));
      return tree;
    default:
      throw new Error(`a place has no event of type ${String((event as LedgerEvent).type)}`);
  }
}

const addSource = (tree: PlaceTree, into: string, source: Place['sources'][number]): void =>
  change(tree, into, ({ sources }) => ({ sources: [...sources, source] }));

/** The name the place bore on that day; its first name before it was there. */
export const nameOn = (place: Place, day: Day): string =>
  (place.names.findLast(({ from }) => from <= day) ?? place.names[0])?.name ?? '';

/** A place as people name it: its code and, to be safe against a reused code, its name. */
export interface NamedPlace {
  readonly code: string;
  readonly name?: string | undefined;
}

function resolveAmong(
  tree: PlaceTree,
  { code, name }: NamedPlace,
  day: Day,
  isThere: (place: Place) => boolean,
): Result<Place> {
  const bearers = bearersOf(tree, code);
  const place = bearers.find(isThere);
  if (bearers.length === 0) return refuse('PLACE_UNKNOWN', { code });
  if (!place) return refuse('PLACE_NOT_VALID_ON_DATE', { code, date: day });
  const borne = nameOn(place, day);
  // Most names are written as the directory has them, and folding costs more than all the rest.
  const isBorne = name === undefined || name === borne || foldPlaceName(name) === foldPlaceName(borne);
  if (!isBorne) return refuse('PLACE_CODE_MEANS_OTHER', { code, date: day, means: borne });
  return ok(place);
}

/**
 * The id of the place that bears the code on that day. Refuses a code nobody knows, one that no place bears
 * on that day, and one whose place bears another name then (names compare folded, see foldPlaceName).
 */
export function resolvePlace(tree: PlaceTree, named: NamedPlace, day: Day): Result<string> {
  const found = resolveAmong(tree, named, day, (place) => livesOn(place, day));
  return found.ok ? ok(found.value.id) : found;
}

/** The place that ends or may end on that day: the bearer of the code on the day before. */
export const resolveEnding = (tree: PlaceTree, named: NamedPlace, day: Day): Result<Place> =>
  resolveAmong(tree, named, day, (place) => livesBefore(place, day));

/** The place and the units above it, nearest first. */
export function ancestorsOf(tree: PlaceTree, id: string): Place[] {
  const line: Place[] = [];
  for (let at: string | null = id; at !== null; at = line.at(-1)?.parent ?? null)
    line.push(placeOf(tree, at));
  return line;
}

/** The unit of a level that the place belonged to as long as it lived (itself included); null: none. */
export const unitAbove = (tree: PlaceTree, id: string, level: PlaceLevel): string | null =>
  ancestorsOf(tree, id).find((place) => place.level === level)?.id ?? null;

/**
 * True when what is limited to `place` may be used at `of` (DESIGN §4): `of` is the place, or is reached from
 * it by going down to a descendant and on to the unit that a place became part of as a whole, any number of
 * times. After a split nothing is admitted. Reflexive and transitive, whatever the dates.
 */
export function covers(tree: PlaceTree, place: string, of: string): boolean {
  const seen = new Set<string>([of]);
  for (const id of seen) {
    if (id === place) return true;
    const { parent, sources } = placeOf(tree, id);
    if (parent !== null) seen.add(parent);
    for (const source of sources) if (source.whole) seen.add(source.place);
  }
  return false;
}

const NOT_KNOWN: ReadonlySet<string | null> = new Set([null]);

/**
 * What `unitOf` says of each unit of day `on` that the place lies in; null stands for what is not known. A place
 * that ended is followed into the unit it became part of; one that was not there yet is traced back to all the
 * places it was made of.
 */
function unitsOn(
  tree: PlaceTree,
  id: string,
  on: Day,
  unitOf: (place: Place) => string | null,
): ReadonlySet<string | null> {
  const place = placeOf(tree, id);
  if (livesOn(place, on)) return new Set([unitOf(place)]);
  if (place.from <= on)
    return place.succession?.kind === 'merged' ? unitsOn(tree, place.succession.into, on, unitOf) : NOT_KNOWN;
  const madeOf = place.sources.filter((source) => source.on === place.from);
  if (madeOf.length === 0 || madeOf.some(({ whole }) => !whole)) return NOT_KNOWN;
  return new Set(madeOf.flatMap((source) => [...unitsOn(tree, source.place, on, unitOf)]));
}

/** The one unit that was found, or null when there are several. */
const only = (units: ReadonlySet<string | null>): string | null => {
  const [unit = null] = units;
  return units.size === 1 ? unit : null;
};

/**
 * The unit of day `on` that the place is or became: itself while it lives, else the unit it became part of as
 * a whole. Back in time, the one place it was made of. Null ("not specified") after a split or dissolution,
 * or when several units made it.
 */
export const restate = (tree: PlaceTree, id: string, on: Day): string | null =>
  only(unitsOn(tree, id, on, (place) => place.id));

/**
 * The unit of a level that the place lies in on the tree of day `on`; null ("not specified") when that is not
 * known or there is none. A commune made of several old ones lies in their district when they share it.
 */
export function unitOn(tree: PlaceTree, id: string, level: PlaceLevel, on: Day): string | null {
  return only(
    unitsOn(tree, id, on, ({ id: at }) => {
      const unit = unitAbove(tree, at, level);
      return unit !== null && livesOn(placeOf(tree, unit), on) ? unit : null;
    }),
  );
}

/** The district that the place lies in on the tree of day `on`; there is none from 2025-07-01 on. */
export const districtOf = (tree: PlaceTree, id: string, on: Day): string | null =>
  unitOn(tree, id, 'district', on);
