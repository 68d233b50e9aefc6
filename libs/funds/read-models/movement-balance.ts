import type { BalanceDefinition } from '#read-models';
import type { BookEvent, BookEventType } from '../domain/events.ts';
import { MEASURES, type Measure, type Movement, movementsOf } from '../domain/movements.ts';

/** The events that move units or say what was done with them. */
export const MOVING_TYPES: readonly BookEventType[] = [
  'book.receipt-recorded.v1',
  'book.allocation-approved.v1',
  'book.allocation-reduced.v1',
  'book.disbursement-approved.v1',
  'book.disbursement-cancelled.v1',
  'book.disbursement-paid.v1',
  'book.disbursement-delivered.v1',
  'book.disbursement-returned.v1',
];

export type MovementBalance = BalanceDefinition<BookEvent, Measure, Movement>;

/** A balance of the movements of all books by one of their dimensions; null: not specified. */
export const movementBalance = (
  name: string,
  keyOf: (movement: Movement) => string | null,
): MovementBalance => ({
  name,
  version: 3,
  types: MOVING_TYPES,
  measures: MEASURES,
  changes: [movementsOf],
  keyOf,
});
