import type { AccountEvents } from '#funds';
import { type LegsTable, none } from './leg.ts';

/** Legs of own accounts: what is carried forward was booked when it came. */
export const accountLegs: LegsTable<AccountEvents> = {
  'book.account-carried.v1': none,
};
