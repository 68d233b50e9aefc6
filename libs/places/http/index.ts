import type { Endpoint } from '#http';
import { dissolvePlaceEndpoint } from './dissolve-place.ts';
import { establishPlaceEndpoint } from './establish-place.ts';
import { listPlacesEndpoint } from './list-places.ts';
import { mergePlaceEndpoint } from './merge-place.ts';
import { renamePlaceEndpoint } from './rename-place.ts';
import { splitPlaceEndpoint } from './split-place.ts';

/** Commands of the places capability over HTTP. */
export const commandEndpoints: readonly Endpoint[] = [
  establishPlaceEndpoint,
  renamePlaceEndpoint,
  mergePlaceEndpoint,
  splitPlaceEndpoint,
  dissolvePlaceEndpoint,
];

/** Reads of the places capability over HTTP. */
export const queryEndpoints: readonly Endpoint[] = [listPlacesEndpoint];
