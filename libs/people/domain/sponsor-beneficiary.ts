import { type Context, type Day, type Fact, type Result, ok, refuse } from '#kernel';
import {
  type BeneficiaryEnded,
  type BeneficiarySponsored,
  type BeneficiarySponsorshipEnded,
  beneficiaryStream,
} from './events.ts';
import type { BeneficiaryState } from './states.ts';

/**
 * The fact that a child has a sponsor; whoever registers the sponsorship appends both together. A child has one
 * sponsor, or several that all declared to share.
 */
export function decideSponsorBeneficiary(
  { effectiveOn, ...data }: BeneficiarySponsored & { readonly effectiveOn: Day },
  state: BeneficiaryState,
): Result<Fact> {
  const { beneficiary, shared } = data;
  if (!state.registered) return refuse('BENEFICIARY_UNKNOWN', { beneficiary });
  if (state.kind !== 'child') return refuse('BENEFICIARY_NO_CHILD', { beneficiary });
  if (state.ended) return refuse('BENEFICIARY_ENDED', { beneficiary });
  const inTheWay = [...state.sponsorships].find(([, sharedToo]) => !shared || !sharedToo);
  if (inTheWay !== undefined)
    return refuse('BENEFICIARY_SPONSORED', { beneficiary, sponsorship: inTheWay[0] });
  return ok({ stream: beneficiaryStream(beneficiary), type: 'beneficiary.sponsored.v1', effectiveOn, data });
}

/** The fact that a sponsorship of a child ended; appended together with that end. */
export function endBeneficiarySponsorship(beneficiary: string, sponsorship: string, effectiveOn: Day): Fact {
  const data: BeneficiarySponsorshipEnded = { beneficiary, sponsorship };
  const stream = beneficiaryStream(beneficiary);
  return { stream, type: 'beneficiary.sponsorship-ended.v1', effectiveOn, data };
}

/** Ends a beneficiary, once; `sponsorships` are those that end in the same append, which must be all that run. */
export function decideEndBeneficiary(
  { effectiveOn, ...data }: BeneficiaryEnded & { readonly effectiveOn: Day },
  state: BeneficiaryState,
  sponsorships: ReadonlySet<string>,
  context: Context,
): Result<Fact[]> {
  const { beneficiary } = data;
  if (!state.registered) return refuse('BENEFICIARY_UNKNOWN', { beneficiary });
  if (state.ended) return refuse('BENEFICIARY_ENDED', { beneficiary });
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  const running = [...state.sponsorships.keys()];
  if (running.length !== sponsorships.size || !running.every((id) => sponsorships.has(id)))
    return refuse('BENEFICIARY_SPONSORSHIPS_DIFFER', { beneficiary, running: running.join(', ') || '–' });
  return ok([{ stream: beneficiaryStream(beneficiary), type: 'beneficiary.ended.v1', effectiveOn, data }]);
}
