import type { Endpoint } from '#http';
import { registerBeneficiaryEndpoint } from './register-beneficiary.ts';
import { registerDonorEndpoint } from './register-donor.ts';

/** Commands of the people capability over HTTP. */
export const commandEndpoints: readonly Endpoint[] = [registerDonorEndpoint, registerBeneficiaryEndpoint];
