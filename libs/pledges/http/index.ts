import type { Endpoint } from '#http';
import { cancelPledgeEndpoint } from './cancel-pledge.ts';
import { makePledgeEndpoint } from './make-pledge.ts';
import { pledgeAgeingEndpoint } from './pledge-ageing.ts';

/** Commands of the pledges capability over HTTP. */
export const commandEndpoints: readonly Endpoint[] = [makePledgeEndpoint, cancelPledgeEndpoint];

/** Reads of the pledges capability over HTTP. */
export const queryEndpoints: readonly Endpoint[] = [pledgeAgeingEndpoint];
