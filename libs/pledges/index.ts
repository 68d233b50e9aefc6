import type { AnyHandler } from '#platform';
import { cancelPledge } from './application/cancel-pledge.ts';
import { makePledge } from './application/make-pledge.ts';

export * from './domain/apply-payment.ts';
export * from './domain/events.ts';
export * from './read-models/index.ts';
export * from './domain/pledge.ts';
export { refusals } from './domain/refusals.ts';

/** Every command of the pledges capability. */
export const handlers = { makePledge, cancelPledge } satisfies Record<string, AnyHandler>;
