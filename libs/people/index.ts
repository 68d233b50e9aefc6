import type { AnyHandler } from '#platform';
import { registerBeneficiary } from './application/register-beneficiary.ts';
import { registerDonor } from './application/register-donor.ts';

export * from './domain/events.ts';
export { refusals } from './domain/refusals.ts';
export * from './domain/sponsor-beneficiary.ts';
export * from './domain/states.ts';

/** Every command of the people capability. */
export const handlers = { registerDonor, registerBeneficiary } satisfies Record<string, AnyHandler>;
