import type { Scope } from '#access';
import { readBooks } from '#funds';
import type { Day } from '#kernel';
import { type PlaceTree, nameOn, readPlaceTree } from '#places';
import { recordedAtOf } from '#platform';
import type { ReadContext } from '#read-models';
import type { Book } from './book.ts';
import type { BookOnPaper } from './render/pdf.ts';

/** Units above each other at most: commune, district, province, and room. */
const LEVELS_MAX = 6;

/** A place with the units above it, as addresses are written: "Xã Bằng Thành, Huyện Pác Nặm, Tỉnh Bắc Kạn". Null: unknown. */
export function placeText(tree: PlaceTree, place: string | null, on: Day): string | null {
  const names: string[] = [];
  let at = place === null ? undefined : tree.places.get(place);
  while (at !== undefined && names.length < LEVELS_MAX) {
    names.push(nameOn(at, on));
    at = at.parent === null ? undefined : tree.places.get(at.parent);
  }
  return names.length === 0 ? null : names.join(', ');
}

/** When the ledger came to stand at a position, in milliseconds; 0 for the position before every event. */
export async function momentOf({ log }: Pick<ReadContext, 'log'>, position: number): Promise<number> {
  const [record] = position < 1 ? [] : (await log.readAll({ after: position - 1, limit: 1 })).events;
  return record === undefined ? 0 : Date.parse(recordedAtOf(record));
}

/** What a book needs on paper beside itself: the address of its unit on its last day, and when its figures were known. */
export async function paperworkOf(
  context: ReadContext,
  { unit, period, knownAt }: Pick<Book, 'unit' | 'period' | 'knownAt'>,
  scope: Scope,
): Promise<BookOnPaper> {
  const { rows } = await readBooks(context, { scope, funds: [unit.fund], knownAt });
  const place = rows.find(({ year }) => year === period.year)?.place ?? null;
  const { tree } = await readPlaceTree(context, { knownAt });
  return { address: placeText(tree, place, period.to), at: await momentOf(context, knownAt) };
}
