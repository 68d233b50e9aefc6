import type { Projection } from '#read-models';
import { places } from './places/places.ts';

export * from './places/places.ts';

/** Every read model of the places. */
export const placeProjections: readonly Projection[] = [places];
