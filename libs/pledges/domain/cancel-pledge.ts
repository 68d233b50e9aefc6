import { type Context, type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { type PledgeCancelled, pledgeStream } from './events.ts';
import { type PledgeState, balanceOf } from './pledge.ts';

export interface CancelPledge extends PledgeCancelled {
  readonly effectiveOn: Day;
}

/** Ends a pledge: what did not come in yet is written off, what came in stays. */
export function decideCancelPledge(
  command: CancelPledge,
  state: PledgeState,
  context: Context,
): Result<Fact[]> {
  const { effectiveOn, ...data } = command;
  const { pledge } = data;
  if (state.status === 'unmade') return refuse('PLEDGE_UNKNOWN', { pledge });
  if (state.status === 'cancelled') return refuse('PLEDGE_ALREADY_CANCELLED', { pledge });
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  if (balanceOf(state).outstanding === 0n) return refuse('PLEDGE_FULFILLED', { pledge });
  return ok([cancelled(data, effectiveOn)]);
}

/** The fact that a pledge is cancelled. */
export const cancelled = (data: PledgeCancelled, effectiveOn: Day): Fact => ({
  stream: pledgeStream(data.pledge),
  type: 'pledge.cancelled.v1',
  effectiveOn,
  data,
});
