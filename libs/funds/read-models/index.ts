import type { Projection } from '#read-models';
import { beneficiaryBalance } from './beneficiary-balance/beneficiary-balance.ts';
import { fundBalance } from './fund-balance/fund-balance.ts';
import { journal } from './journal/journal.ts';
import { placeBalance } from './place-balance/place-balance.ts';
import { poolBalance } from './pool-balance/pool-balance.ts';
import { programmeBalance } from './programme-balance/programme-balance.ts';
import { trialBalance } from './trial-balance/trial-balance.ts';

export * from './beneficiary-balance/beneficiary-balance.ts';
export * from './fund-balance/fund-balance.ts';
export * from './journal/journal.ts';
export * from './place-balance/place-balance.ts';
export * from './pool-balance/pool-balance.ts';
export * from './programme-balance/programme-balance.ts';
export type { MovementBalances, MovementQuery } from './query.ts';
export * from './trial-balance/trial-balance.ts';

/** Every read model of the books. */
export const fundProjections: readonly Projection[] = [
  fundBalance,
  placeBalance,
  beneficiaryBalance,
  programmeBalance,
  poolBalance,
  trialBalance,
  journal,
];
