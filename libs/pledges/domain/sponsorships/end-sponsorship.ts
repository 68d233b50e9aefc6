import { type Context, type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { type BeneficiaryState, decideEndBeneficiary, endBeneficiarySponsorship } from '#people';
import { cancelled } from '../cancel-pledge.ts';
import { type PledgeState, balanceOf, filledInstalments } from '../pledge.ts';
import { type SponsorshipEnd, type SponsorshipEnded, sponsorshipStream } from './events.ts';
import type { SponsorshipState } from './sponsorship.ts';

/** A sponsorship with its pledge. */
export interface Sponsored {
  readonly sponsorship: string;
  readonly state: SponsorshipState;
  readonly pledge: PledgeState;
}

interface Ending {
  readonly cause: SponsorshipEnd;
  readonly reason: string;
  readonly effectiveOn: Day;
}

export interface EndSponsorship extends Ending {
  readonly sponsorship: string;
  readonly beneficiary: string;
}

/**
 * Ends a sponsorship: what is still to come of its pledge stops, the child is free for another sponsor, and what was
 * paid ahead is named.
 */
export function decideEndSponsorship(
  { beneficiary, ...command }: EndSponsorship,
  sponsored: Omit<Sponsored, 'sponsorship'>,
  context: Context,
): Result<Fact[]> {
  const { sponsorship, effectiveOn } = command;
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  const { state } = sponsored;
  if (state.status === 'unregistered') return refuse('SPONSORSHIP_UNKNOWN', { sponsorship });
  if (state.beneficiary !== beneficiary)
    return refuse('SPONSORSHIP_OF_OTHER_CHILD', { sponsorship, beneficiary });
  const ended = endOf({ sponsorship, ...sponsored }, command);
  return ended.ok
    ? ok([...ended.value, endBeneficiarySponsorship(beneficiary, sponsorship, effectiveOn)])
    : ended;
}

export interface EndBeneficiary {
  readonly beneficiary: string;
  /** Every sponsorship of the child that runs, so that all of them end in one append. */
  readonly sponsorships: readonly string[];
  readonly reason: string;
  readonly effectiveOn: Day;
}

/** A child left: it is registered no longer, and every sponsorship ends with it, all or nothing. */
export function decideChildLeft(
  command: Omit<EndBeneficiary, 'sponsorships'>,
  beneficiary: BeneficiaryState,
  sponsored: readonly Sponsored[],
  context: Context,
): Result<Fact[]> {
  const named = new Set(sponsored.map(({ sponsorship }) => sponsorship));
  const { beneficiary: id, reason, effectiveOn } = command;
  const left = decideEndBeneficiary({ beneficiary: id, reason, effectiveOn }, beneficiary, named, context);
  if (!left.ok) return left;
  const facts: Fact[] = [];
  for (const each of sponsored) {
    const ended = endOf(each, { cause: 'child-left', reason, effectiveOn });
    if (!ended.ok) return ended;
    facts.push(...ended.value);
  }
  return ok([...facts, ...left.value]);
}

function endOf({ sponsorship, state, pledge }: Sponsored, ending: Ending): Result<Fact[]> {
  const { cause, reason, effectiveOn } = ending;
  if (state.status === 'unregistered') return refuse('SPONSORSHIP_UNKNOWN', { sponsorship });
  if (state.status === 'ended') return refuse('SPONSORSHIP_ENDED', { sponsorship });
  const { outstanding, overReceived } = balanceOf(pledge);
  const ahead = filledInstalments(pledge)
    .filter(({ due }) => due > effectiveOn)
    .reduce((sum, { filled }) => sum + filled, overReceived);
  const { beneficiary, donor } = state;
  const data: SponsorshipEnded = {
    sponsorship,
    beneficiary,
    donor,
    cause,
    reason,
    stopped: String(outstanding ?? 0n),
    paidAhead: String(ahead),
  };
  return ok([
    { stream: sponsorshipStream(sponsorship), type: 'sponsorship.ended.v1', effectiveOn, data },
    // Also when nothing is outstanding: money that comes in later is to be asked about.
    ...(pledge.status === 'open' ? [cancelled({ pledge: sponsorship, reason }, effectiveOn)] : []),
  ]);
}
