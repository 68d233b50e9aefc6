import { type Context, type Day, type Fact, type Qualifier, type Result, ok, refuse } from '#kernel';
import { checkOpen, ofPledge } from './checks.ts';
import { type Instalment, type PledgeAmended, pledgeStream } from './events.ts';
import { type Promised, planOf } from './plan.ts';
import { type PledgeState, filledInstalments, writtenOffUnscheduled } from './pledge.ts';

export interface AmendPledge {
  readonly pledge: string;
  /** What is promised from now on, besides what came in and what was written off. */
  readonly remaining: Promised;
  readonly qualifier: Qualifier;
  readonly reason: string | null;
  readonly effectiveOn: Day;
}

/**
 * A new version of a pledge: what is settled stays as it is, all that is still to come is replaced. An instalment that
 * was paid in part keeps that part. What came in without a schedule becomes a settled instalment of this day, so
 * that it does not fill what is promised from now on.
 */
export function decideAmendPledge(
  command: AmendPledge,
  state: PledgeState,
  context: Context,
): Result<Fact[]> {
  const { pledge, remaining, qualifier, reason, effectiveOn } = command;
  const checked = checkOpen(pledge, state, effectiveOn, context);
  if (!checked.ok) return checked;
  const filled = filledInstalments(state);
  const apart = receivedUnscheduled(state);
  const settled: Instalment[] =
    apart > 0n ? [{ index: state.nextIndex, due: effectiveOn, amount: String(apart) }] : [];
  const plan = planOf(pledge, remaining, state.nextIndex + settled.length);
  if (!plan.ok) return plan;
  if (plan.value.amount === null) return refuse('PLEDGE_AMENDED_WITHOUT_AMOUNT', { pledge });
  const kept = filled.map((instalment) => ({
    index: instalment.index,
    was: instalment.amount,
    amount: instalment.filled + instalment.writtenOff,
  }));
  const whole =
    kept.reduce((sum, { amount }) => sum + amount, 0n) +
    apart +
    writtenOffUnscheduled(state) +
    BigInt(plan.value.amount);
  const data: PledgeAmended = {
    ...ofPledge(pledge, state),
    version: state.version + 1,
    amount: String(whole),
    qualifier,
    changed: kept
      .filter(({ was, amount }) => was !== amount)
      .map(({ index, amount }) => ({ index, amount: String(amount) })),
    instalments: [...settled, ...plan.value.instalments],
    reason,
  };
  return ok([{ stream: pledgeStream(pledge), type: 'pledge.amended.v1', effectiveOn, data }]);
}

/** What came in on what has no due day; more than all that was pledged is not among it. */
function receivedUnscheduled(state: PledgeState): bigint {
  const { pledged, received, instalments } = state;
  const beyond = received - filledInstalments(state).reduce((sum, { filled }) => sum + filled, 0n);
  if (pledged === null) return beyond;
  const scheduled = instalments.reduce((sum, { amount }) => sum + amount, 0n);
  const room = pledged - writtenOffUnscheduled(state) - scheduled;
  return beyond < room ? beyond : room;
}
