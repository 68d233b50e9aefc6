import type { Day, Fact } from '#kernel';
import { ofPledge } from './checks.ts';
import { type PledgeHandedOver, pledgeStream } from './events.ts';
import type { PledgeState } from './pledge.ts';
import { type SponsorshipHandedOver, sponsorshipStream } from './sponsorships/events.ts';
import type { SponsorshipState } from './sponsorships/sponsorship.ts';

/** The fund that ended, the one that goes on, and the day. */
export interface HandingOver {
  readonly from: string;
  readonly into: string;
  readonly effectiveOn: Day;
}

/**
 * A pledge to a merged fund is one to its successor: what comes in, ageing and reminders are its from that day on.
 * Nothing when it is not, or no longer, a pledge to the old fund. Open and cancelled ones go over, since money may
 * come in on both.
 */
export function handOverPledge(
  pledge: string,
  state: PledgeState,
  { from, into, effectiveOn }: HandingOver,
): Fact[] {
  if (state.status === 'unmade' || state.fund !== from) return [];
  const data: PledgeHandedOver = { ...ofPledge(pledge, state), fund: into, from };
  return [{ stream: pledgeStream(pledge), type: 'pledge.handed-over.v1', effectiveOn, data }];
}

/** The same for a sponsorship, which bears the id of its pledge. */
export function handOverSponsorship(
  sponsorship: string,
  state: SponsorshipState,
  { from, into, effectiveOn }: HandingOver,
): Fact[] {
  if (state.status === 'unregistered' || state.fund !== from) return [];
  const data: SponsorshipHandedOver = { sponsorship, from, fund: into };
  return [{ stream: sponsorshipStream(sponsorship), type: 'sponsorship.handed-over.v1', effectiveOn, data }];
}
