import { type Context, type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { type PledgeMade, pledgeStream } from './events.ts';
import { type Promised, planOf } from './plan.ts';
import type { PledgeState } from './pledge.ts';

export interface MakePledge extends Omit<PledgeMade, 'instalments' | 'amount'>, Promised {
  readonly effectiveOn: Day;
}

/**
 * Records a promise. The amount may be unknown, and then it has no qualifier and no instalments; instalments sum
 * to the amount and are numbered in the order of their days. A schedule becomes its instalments here, all of them
 * at once: none is made later, so none can come twice.
 */
export function decideMakePledge(command: MakePledge, state: PledgeState, context: Context): Result<Fact[]> {
  const { effectiveOn, schedule: _, ...promise } = command;
  const { pledge, qualifier } = promise;
  if (state.status !== 'unmade') return refuse('PLEDGE_EXISTS', { pledge });
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  const plan = planOf(pledge, command);
  if (!plan.ok) return plan;
  if (plan.value.amount === null && qualifier !== 'exact')
    return refuse('PLEDGE_QUALIFIER_WITHOUT_AMOUNT', { pledge });
  const data: PledgeMade = { ...promise, ...plan.value };
  return ok([{ stream: pledgeStream(pledge), type: 'pledge.made.v1', effectiveOn, data }]);
}
