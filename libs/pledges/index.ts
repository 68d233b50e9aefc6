import type { AnyHandler } from '#platform';
import { amendPledge } from './application/amend-pledge.ts';
import { cancelPledge } from './application/cancel-pledge.ts';
import { makePledge } from './application/make-pledge.ts';
import { remindPledge } from './application/remind-pledge.ts';
import { changeSponsorship, extendSponsorship } from './application/sponsorships/change-sponsorship.ts';
import { endBeneficiary, endSponsorship } from './application/sponsorships/end-sponsorship.ts';
import { registerSponsorship } from './application/sponsorships/register-sponsorship.ts';
import { reinstatePledge, writeOffPledge } from './application/write-off-pledge.ts';

export * from './domain/apply-payment.ts';
export * from './domain/events.ts';
export * from './domain/hand-over.ts';
export * from './domain/pledge.ts';
export * from './domain/remind-pledge.ts';
export * from './domain/schedule.ts';
export { refusals } from './domain/refusals.ts';
export * from './domain/sponsorships/events.ts';
export * from './domain/sponsorships/sponsorship.ts';
export * from './read-models/index.ts';
export * from './vietqr/index.ts';

/** Every command of the pledges capability. */
export const handlers = {
  makePledge,
  amendPledge,
  writeOffPledge,
  reinstatePledge,
  remindPledge,
  cancelPledge,
  registerSponsorship,
  extendSponsorship,
  changeSponsorship,
  endSponsorship,
  endBeneficiary,
} satisfies Record<string, AnyHandler>;
