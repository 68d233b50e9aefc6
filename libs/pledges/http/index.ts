import type { Endpoint } from '#http';
import { amendPledgeEndpoint } from './amend-pledge.ts';
import { cancelPledgeEndpoint } from './cancel-pledge.ts';
import { dueRemindersEndpoint } from './due-reminders.ts';
import { makePledgeEndpoint } from './make-pledge.ts';
import { pledgeAgeingEndpoint } from './pledge-ageing.ts';
import { reinstatePledgeEndpoint } from './reinstate-pledge.ts';
import { remindPledgeEndpoint } from './remind-pledge.ts';
import { changeSponsorshipEndpoint } from './sponsorships/change-sponsorship.ts';
import { endBeneficiaryEndpoint } from './sponsorships/end-beneficiary.ts';
import { endSponsorshipEndpoint } from './sponsorships/end-sponsorship.ts';
import { extendSponsorshipEndpoint } from './sponsorships/extend-sponsorship.ts';
import { listSponsorshipsEndpoint } from './sponsorships/list-sponsorships.ts';
import { registerSponsorshipEndpoint } from './sponsorships/register-sponsorship.ts';
import { writeOffPledgeEndpoint } from './write-off-pledge.ts';

/** Commands of the pledges capability over HTTP. */
export const commandEndpoints: readonly Endpoint[] = [
  makePledgeEndpoint,
  cancelPledgeEndpoint,
  amendPledgeEndpoint,
  writeOffPledgeEndpoint,
  reinstatePledgeEndpoint,
  remindPledgeEndpoint,
  registerSponsorshipEndpoint,
  extendSponsorshipEndpoint,
  changeSponsorshipEndpoint,
  endSponsorshipEndpoint,
  endBeneficiaryEndpoint,
];

/** Reads of the pledges capability over HTTP. */
export const queryEndpoints: readonly Endpoint[] = [
  pledgeAgeingEndpoint,
  dueRemindersEndpoint,
  listSponsorshipsEndpoint,
];
