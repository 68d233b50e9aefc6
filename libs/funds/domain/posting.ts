import type { BookEvent, ByEvent } from './events.ts';
import { fundOf } from './wire.ts';

/**
 * One side of a double entry. Accounts: `asset/<fund>/<account>`, `free/<pool>`, `committed/<pool>`,
 * `shortfall/<pool>`, and what is held apart: `holding/<fund>/<account>` unidentified, `transit/<fund>/<account>` on
 * its way, `missing/<fund>/<account>` and `surplus/<fund>/<account>` since a count, `charge/<fund>/<person>` to be
 * made good, `advance/<fund>/<person>` handed to staff, `debt/<fund>/<supplier>` owed.
 * Positive is debit, negative credit; the postings of every event sum to 0 per commodity. A fund's assets and claims
 * so always equal what is free and committed in its pools, less what is short, and what it owes.
 */
export interface Posting {
  readonly account: string;
  readonly commodity: string;
  readonly amount: bigint;
}

/** The postings of events, for the types of a part that have any. */
export type PostingsTable<Events> = Partial<ByEvent<Events, [], Posting[]>>;

const heldAs =
  (where: string) =>
  (account: string): string =>
    `${where}/${account}`;

/** Where unidentified money of an own account is held: in no pool. */
export const holdingOf = heldAs('holding');
/** What a count found missing in an own account, and what it found too much, until it is resolved. */
export const missingOf = heldAs('missing');
export const surplusOf = heldAs('surplus');
/** What a member of staff has for a purpose, and what a supplier is owed. */
export const advanceOf = heldAs('advance');
export const debtOf = heldAs('debt');
/** What a person has to make good. */
export const chargeOf = heldAs('charge');

/** The own account itself, also of money that was held there unidentified or found there by a count. */
export const ownAccount = (account: string): string => account.slice(account.indexOf('/') + 1);

/** Account of an own cash, bank or store account, or of what is held apart from it, in the book of an event. */
export function assetOf({ stream }: Pick<BookEvent, 'stream'>, account: string): string {
  const [where, behind] = account.split('/');
  return behind === undefined ? `asset/${fundOf(stream)}/${account}` : `${where}/${fundOf(stream)}/${behind}`;
}
