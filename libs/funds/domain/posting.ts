import type { BookEvent, ByEvent } from './events.ts';
import { fundOf } from './wire.ts';

/**
 * One side of a double entry. Accounts: `asset/<fund>/<account>`, `free/<pool>`, `committed/<pool>`.
 * Positive is debit, negative credit; the postings of every event sum to 0 per commodity. A fund's assets
 * so always equal what is free and committed in its pools.
 */
export interface Posting {
  readonly account: string;
  readonly commodity: string;
  readonly amount: bigint;
}

/** The postings of events, for the types of a part that have any. */
export type PostingsTable<Events> = Partial<ByEvent<Events, [], Posting[]>>;

/** Account of an own cash, bank or store account in the book of an event. */
export const assetOf = ({ stream }: BookEvent, account: string): string =>
  `asset/${fundOf(stream)}/${account}`;
