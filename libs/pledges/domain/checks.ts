import { type Context, type Day, type Result, ok, refuse } from '#kernel';
import type { PledgeAmended } from './events.ts';
import type { PledgeState } from './pledge.ts';

/** Checks that every change of an open pledge shares; the first that fails is the refusal. */
export function checkOpen(pledge: string, state: PledgeState, on: Day, context: Context): Result<void> {
  if (state.status === 'unmade') return refuse('PLEDGE_UNKNOWN', { pledge });
  if (state.status === 'cancelled') return refuse('PLEDGE_CANCELLED', { pledge });
  if (on > context.today) return refuse('DATE_IN_FUTURE', { date: on, today: context.today });
  // Views by effective day would otherwise change instalments that are not there yet.
  if (on < state.plannedOn) return refuse('PLEDGE_PLANNED_LATER', { pledge, day: state.plannedOn });
  return ok(undefined);
}

/** What every later event says of its pledge. */
export const ofPledge = (
  pledge: string,
  { fund, donor, commodity }: PledgeState,
): Pick<PledgeAmended, 'pledge' | 'fund' | 'donor' | 'commodity'> => ({ pledge, fund, donor, commodity });
