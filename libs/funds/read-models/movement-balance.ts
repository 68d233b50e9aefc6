import type { BalanceDefinition } from '#read-models';
import type { BookEvent, BookEventType } from '../domain/events.ts';
import { MEASURES, MOVED_TYPES, type Measure, type Movement, movementsOf } from '../domain/movements.ts';
import { POSTED_TYPES } from '../domain/postings.ts';

/** The events that move units or say what was done with them: every projection of movements or postings reads them. */
export const MOVING_TYPES: readonly BookEventType[] = [...new Set([...MOVED_TYPES, ...POSTED_TYPES])];

export type MovementBalance = BalanceDefinition<BookEvent, Measure, Movement>;

/** A balance of the movements of all books by one of their dimensions; null: not specified. */
export const movementBalance = (
  name: string,
  keyOf: (movement: Movement) => string | null,
): MovementBalance => ({
  name,
  version: 5,
  types: MOVING_TYPES,
  measures: MEASURES,
  changes: [movementsOf],
  keyOf,
});
