import { type Day, type Fact, type Result, ok, parseAmount, refuse } from '#kernel';
import { type PledgePaymentApplied, type PledgePaymentReversed, pledgeStream } from './events.ts';
import type { PledgeState } from './pledge.ts';

export interface PledgePayment extends PledgePaymentApplied {
  readonly effectiveOn: Day;
}

/**
 * The fact that money of a receipt came in on a pledge; whoever records the receipt appends both together. The
 * money is of the pledge's fund, commodity and donor (any donor when the pledge names none). More than was pledged
 * is accepted: the excess is over-received. Money on a cancelled pledge fulfils nothing: it is over-received as a
 * whole, by a fact of its own, and the donor is to be asked.
 */
export function decidePledgePayment(payment: PledgePayment, state: PledgeState): Result<Fact> {
  const { effectiveOn, ...data } = payment;
  const { pledge, fund, donor, commodity } = data;
  if (state.status === 'unmade') return refuse('PLEDGE_UNKNOWN', { pledge });
  if (fund !== state.fund) return refuse('PLEDGE_OF_OTHER_FUND', { pledge, fund: state.fund });
  if (commodity !== state.commodity)
    return refuse('PLEDGE_OF_OTHER_COMMODITY', { pledge, commodity: state.commodity });
  if (state.donor !== null && donor !== state.donor)
    return refuse('PLEDGE_OF_OTHER_DONOR', { pledge, donor: state.donor });
  const amount = parseAmount(data.amount);
  if (!amount.ok) return amount;
  const type =
    state.status === 'cancelled' ? 'pledge.received-after-cancellation.v1' : 'pledge.payment-applied.v1';
  return ok({ stream: pledgeStream(pledge), type, effectiveOn, data });
}

/**
 * The fact that money of a receipt no longer counts for the pledge: the receipt was reversed, its amount was
 * too large, or it belongs to another pledge. Whoever corrects the receipt appends both together.
 */
export const takeBackPledgePayment = ({
  effectiveOn,
  ...data
}: PledgePaymentReversed & { readonly effectiveOn: Day }): Fact => ({
  stream: pledgeStream(data.pledge),
  type: 'pledge.payment-reversed.v1',
  effectiveOn,
  data,
});
