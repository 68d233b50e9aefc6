import type { Day } from '#kernel';
import { type Handler, type PlaceRef, type States, daySchema, placeRefSchema } from '#platform';
import { z } from 'zod';
import { decideDissolvePlace } from '../domain/dissolve-place.ts';
import { placeStream } from '../domain/events.ts';
import { decideMergePlace } from '../domain/merge-place.ts';
import { resolveEnding } from '../domain/place-tree.ts';
import { decideSplitPlace } from '../domain/split-place.ts';
import { placeDirectory } from './place-directory.ts';

/** What each end of a place names: the place as it was on the day before, and the first day without it. */
const ending = { place: placeRefSchema, effectiveOn: daySchema };

/** Successors of one split at most; the largest split of the 2025 reform had far fewer. */
const SUCCESSORS_MAX = 20;

function endingStream(
  { place, effectiveOn }: { readonly place: PlaceRef; readonly effectiveOn: Day },
  directories: Pick<States, 'all'>,
): string[] {
  const found = resolveEnding(directories.all(placeDirectory), place, effectiveOn);
  return found.ok ? [placeStream(found.value.id)] : [];
}

const mergeSchema = z.strictObject({ ...ending, into: placeRefSchema });

/** Ends a place whose whole became part of another. */
export const mergePlace: Handler<z.infer<typeof mergeSchema>> = {
  name: 'merge-place',
  schema: mergeSchema,
  personal: [],
  streams: (body, _context, directories) => endingStream(body, directories),
  decide: (body, states) => decideMergePlace(body, states.all(placeDirectory)),
};

const splitSchema = z.strictObject({ ...ending, into: z.array(placeRefSchema).max(SUCCESSORS_MAX) });

/** Ends a place whose parts belong to several others. */
export const splitPlace: Handler<z.infer<typeof splitSchema>> = {
  name: 'split-place',
  schema: splitSchema,
  personal: [],
  streams: (body, _context, directories) => endingStream(body, directories),
  decide: (body, states) => decideSplitPlace(body, states.all(placeDirectory)),
};

const dissolveSchema = z.strictObject(ending);

/** Ends a place that nothing succeeds. */
export const dissolvePlace: Handler<z.infer<typeof dissolveSchema>> = {
  name: 'dissolve-place',
  schema: dissolveSchema,
  personal: [],
  streams: (body, _context, directories) => endingStream(body, directories),
  decide: (body, states) => decideDissolvePlace(body, states.all(placeDirectory)),
};
