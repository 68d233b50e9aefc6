import type { PeriodEvents } from '#funds';
import { type LegsTable, none } from './leg.ts';

/** Months and years move nothing: what goes on into the next book stays in its accounts. */
export const periodLegs: LegsTable<PeriodEvents> = {
  'book.account-reconciled.v1': none,
  'book.disbursement-carried.v1': none,
  'book.period-locked.v1': none,
  'book.period-unlocked.v1': none,
};
