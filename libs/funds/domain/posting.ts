import type { BookEvent, ByEvent } from './events.ts';
import { fundOf } from './wire.ts';

/**
 * One side of a double entry. Accounts: `asset/<fund>/<account>`, `free/<pool>`, `committed/<pool>`,
 * `shortfall/<pool>`, `holding/<fund>/<account>`, `transit/<fund>/<account>`, `merger/<old fund>`.
 * Positive is debit, negative credit; the postings of every event sum to 0 per commodity. A fund's assets
 * so always equal what is free and committed in its pools, less what is short, and what is held unidentified.
 */
export interface Posting {
  readonly account: string;
  readonly commodity: string;
  readonly amount: bigint;
}

/** The postings of events, for the types of a part that have any. */
export type PostingsTable<Events> = Partial<ByEvent<Events, [], Posting[]>>;

const HOLDING = 'holding/';

/** Where unidentified money of an own account is held: in no pool. */
export const holdingOf = (account: string): string => `${HOLDING}${account}`;

/** The own account itself, also of money that was held there unidentified. */
export const ownAccount = (account: string): string =>
  account.startsWith(HOLDING) ? account.slice(HOLDING.length) : account;

/** Account of an own cash, bank or store account, or of what is held in it unidentified, in the book of an event. */
export const assetOf = ({ stream }: BookEvent, account: string): string =>
  account.startsWith(HOLDING)
    ? `${HOLDING}${fundOf(stream)}/${ownAccount(account)}`
    : `asset/${fundOf(stream)}/${account}`;
