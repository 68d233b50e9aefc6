import { type Context, type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { type BeneficiaryState, decideSponsorBeneficiary } from '#people';
import { decideMakePledge } from '../make-pledge.ts';
import type { PledgeState } from '../pledge.ts';
import { type SponsorshipRegistered, sponsorshipStream } from './events.ts';
import type { SponsorshipState } from './sponsorship.ts';

export interface RegisterSponsorship extends SponsorshipRegistered {
  readonly effectiveOn: Day;
}

/** What registering depends on. */
export interface Registering {
  readonly sponsorship: SponsorshipState;
  readonly pledge: PledgeState;
  readonly beneficiary: BeneficiaryState;
}

/**
 * Promises a child to a sponsor, with the pledge of its first periods. The child's own stream is written in the same
 * append, so that of two sponsors who come at once one is refused, unless both declared that they share.
 */
export function decideRegisterSponsorship(
  command: RegisterSponsorship,
  { sponsorship, pledge, beneficiary }: Registering,
  context: Context,
): Result<Fact[]> {
  const { effectiveOn, ...data } = command;
  const { sponsorship: id, each, every, first, anchorDay, periods, donor, fund, commodity, shared } = data;
  if (sponsorship.status !== 'unregistered') return refuse('SPONSORSHIP_EXISTS', { sponsorship: id });
  const sponsored = decideSponsorBeneficiary(
    { beneficiary: data.beneficiary, sponsorship: id, shared, effectiveOn },
    beneficiary,
  );
  if (!sponsored.ok) return sponsored;
  const promised = decideMakePledge(
    {
      pledge: id,
      donor,
      fund,
      commodity,
      amount: null,
      qualifier: 'exact',
      instalments: [],
      schedule: { every, first, anchorDay, each, count: periods },
      narrative: null,
      effectiveOn,
    },
    pledge,
    context,
  );
  if (!promised.ok) return promised;
  return ok([
    { stream: sponsorshipStream(id), type: 'sponsorship.registered.v1', effectiveOn, data },
    sponsored.value,
    ...promised.value,
  ]);
}
