import { type BookEvent, type BookEventType, type BookEvents, askTable, closedBookOf } from '#funds';
import { carriedLeg } from './carried.ts';
import type { Leg, LegsTable } from './leg.ts';
import { accountLegs } from './legs-accounts.ts';
import { approvalLegs } from './legs-approvals.ts';
import { coreLegs } from './legs-core.ts';
import { correctionLegs } from './legs-corrections.ts';
import { countLegs } from './legs-counts.ts';
import { dailyLegs } from './legs-daily.ts';
import { periodLegs } from './legs-periods.ts';
import { exchangeLegs } from './legs-exchange.ts';
import { debtLegs } from './legs-debts.ts';
import { goodsLegs } from './legs-goods.ts';
import type { Past } from './past.ts';

/** One entry for each event a book has: one that is missing does not compile. */
const legs: LegsTable<BookEvents> = {
  ...coreLegs,
  ...accountLegs,
  ...approvalLegs,
  ...correctionLegs,
  ...countLegs,
  ...dailyLegs,
  ...periodLegs,
  ...exchangeLegs,
  ...debtLegs,
  ...goodsLegs,
};

/**
 * The neutral legs of one event, after all events before it; events that move nothing have none. Deterministic: it
 * asks nothing but the event and the past, which it brings up to the event. What an event says of a closed year, it
 * says of every leg.
 */
export const legsOf = (past: Past, event: BookEvent): Leg[] => {
  const made = (askTable(legs, event, past) ?? []).map((leg) => carriedLeg(past, leg));
  return closedBookOf(event) === null ? made : made.map((leg) => ({ ...leg, isPrior: true }));
};

/** Types whose events have legs or change what later legs need. */
export const LEG_TYPES = Object.keys(legs) as readonly BookEventType[];
