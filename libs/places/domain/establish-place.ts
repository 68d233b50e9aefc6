import { type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { type PlaceEstablished, type PlaceLevel, placeId, placeStream } from './events.ts';
import { type NamedPlace, type PlaceTree, bearersOf, livesOn, resolvePlace } from './place-tree.ts';

export interface EstablishPlace {
  readonly code: string;
  readonly name: string;
  readonly level: PlaceLevel;
  readonly parent: NamedPlace | null;
  /** The code is taken over: its bearer ends on this day, and a merge, split or dissolution says what became of it. */
  readonly takesOverCode: boolean;
  readonly effectiveOn: Day;
}

/** Digits of a code (Decision 124/2004/QĐ-TTg): two for a province, three for a district, five for a commune. */
const CODE_DIGITS: Readonly<Record<PlaceLevel, number>> = {
  country: 2,
  province: 2,
  district: 3,
  commune: 5,
};

const RANK: Readonly<Record<PlaceLevel, number>> = { country: 0, province: 1, district: 2, commune: 3 };

/**
 * Establishes a place from a day on. A code means one place on a day: while another place bears it the new one is
 * refused, unless it takes the code over. Districts and communes lie in a unit of a higher level that lives then.
 */
export function decideEstablishPlace(command: EstablishPlace, tree: PlaceTree): Result<Fact[]> {
  const { code, name, level, effectiveOn: from } = command;
  if (!/^\d+$/.test(code) || code.length !== CODE_DIGITS[level])
    return refuse('PLACE_CODE_DIGITS', { code, digits: String(CODE_DIGITS[level]) });
  const parent = parentOf(command, tree);
  if (!parent.ok) return parent;
  const bearers = bearersOf(tree, code);
  if (bearers.some((bearer) => bearer.from === from)) return refuse('PLACE_EXISTS', { code, date: from });
  const current = bearers.find((bearer) => livesOn(bearer, from));
  const taken = current ?? bearers.find((bearer) => bearer.from > from);
  // An end that was stated is history: the code is free from that day on, not before.
  const endStated = current?.succession != null && current.succession.kind !== 'unstated';
  if (taken && (!command.takesOverCode || endStated))
    return refuse('PLACE_CODE_TAKEN', { code, date: from, by: taken.id });
  const place = placeId(code, from);
  const data: PlaceEstablished = { place, code, from, name, level, parent: parent.value };
  return ok([{ stream: placeStream(place), type: 'place.established.v1', effectiveOn: from, data }]);
}

function parentOf({ level, parent, effectiveOn }: EstablishPlace, tree: PlaceTree): Result<string | null> {
  if (parent === null)
    return RANK[level] <= RANK.province ? ok(null) : refuse('PLACE_PARENT_MISSING', { level });
  const found = resolvePlace(tree, parent, effectiveOn);
  if (!found.ok) return found;
  const above = tree.places.get(found.value)?.level;
  return above !== undefined && RANK[above] < RANK[level]
    ? found
    : refuse('PLACE_PARENT_NOT_ABOVE', { code: parent.code, level });
}
