import type { AnyHandler } from '#platform';
import { dissolvePlace, mergePlace, splitPlace } from './application/end-place.ts';
import { establishPlace } from './application/establish-place.ts';
import { renamePlace } from './application/rename-place.ts';

export { placeDirectory } from './application/place-directory.ts';
export * from './domain/events.ts';
export { foldPlaceName } from './domain/fold-name.ts';
export * from './domain/place-tree.ts';
export { refusals } from './domain/refusals.ts';

/** Every command of the places capability. */
export const handlers = {
  establishPlace,
  renamePlace,
  mergePlace,
  splitPlace,
  dissolvePlace,
} satisfies Record<string, AnyHandler>;
export * from './read-models/index.ts';
