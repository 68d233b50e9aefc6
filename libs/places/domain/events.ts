import type { Day, LedgerEvent } from '#kernel';

export type PlaceLevel = 'country' | 'province' | 'district' | 'commune';

/** A place is a code from a day on: codes are reused (id `01864-2021-01-01`, stream `place-01864-2021-01-01`). */
export interface PlaceEstablished {
  readonly place: string;
  readonly code: string;
  readonly from: Day;
  readonly name: string;
  readonly level: PlaceLevel;
  /** Place id of the unit above; null at the top. */
  readonly parent: string | null;
}

export interface PlaceRenamed {
  readonly place: string;
  readonly name: string;
}

/** From `effectiveOn` on the place is no more; the whole of it belongs to `into`. */
export interface PlaceMerged {
  readonly place: string;
  readonly into: string;
}

/** From `effectiveOn` on the place is no more; parts of it belong to each of `into`, which part is not known. */
export interface PlaceSplit {
  readonly place: string;
  readonly into: readonly string[];
}

/** From `effectiveOn` on the place is no more and nothing succeeds it (the districts on 2025-07-01). */
export interface PlaceDissolved {
  readonly place: string;
}

export interface PlaceEvents {
  'place.established.v1': PlaceEstablished;
  'place.renamed.v1': PlaceRenamed;
  'place.merged.v1': PlaceMerged;
  'place.split.v1': PlaceSplit;
  'place.dissolved.v1': PlaceDissolved;
}
export type PlaceEvent = { [T in keyof PlaceEvents]: LedgerEvent<T, PlaceEvents[T]> }[keyof PlaceEvents];

export const placeId = (code: string, from: Day): string => `${code}-${from}`;
export const placeStream = (place: string): string => `place-${place}`;
