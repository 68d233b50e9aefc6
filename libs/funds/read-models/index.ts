import type { Projection } from '#read-models';
import { freeLots } from './ages/free-lots.ts';
import { approvals } from './approvals/approvals.ts';
import { beneficiaryBalance } from './beneficiary-balance/beneficiary-balance.ts';
import { books } from './books/books.ts';
import { donorBalance } from './donor-balance/donor-balance.ts';
import { fundBalance } from './fund-balance/fund-balance.ts';
import { items } from './items/items.ts';
import { journal } from './journal/journal.ts';
import { openItems } from './open-items/open-items.ts';
import { placeBalance } from './place-balance/place-balance.ts';
import { poolBalance } from './pool-balance/pool-balance.ts';
import { programmeBalance } from './programme-balance/programme-balance.ts';
import { traces } from './traces/traces.ts';
import { trialBalance } from './trial-balance/trial-balance.ts';
import { voidedVouchers } from './voided-vouchers/voided-vouchers.ts';

export { AGE_NAMES, type AgeSums, type Ages, ageOf, daysBetween } from './ages/ages.ts';
export * from './ages/open-item-ages.ts';
export * from './ages/query-lots.ts';
export { approvals, type ApprovalShown, type ApprovalsShown } from './approvals/approvals.ts';
export * from './approvals/decisions.ts';
export * from './beneficiary-balance/beneficiary-balance.ts';
export * from './books/books.ts';
export * from './donor-balance/donor-balance.ts';
export * from './fund-balance/fund-balance.ts';
export * from './items/items.ts';
export * from './journal/journal.ts';
export * from './open-items/open-items.ts';
export * from './place-balance/place-balance.ts';
export * from './pool-balance/pool-balance.ts';
export * from './programme-balance/programme-balance.ts';
export type { MovementBalances, MovementQuery } from './query.ts';
export {
  type GiftTrace,
  type TracedUse,
  type UseStatus,
  readDisbursementTrace,
  readGiftTrace,
} from './traces/query-traces.ts';
export { traces } from './traces/traces.ts';
export * from './trial-balance/account-balances.ts';
export * from './trial-balance/trial-balance.ts';
export * from './vietqr/vietqr.ts';
export * from './voided-vouchers/voided-vouchers.ts';

/** The balances alone. */
export const balanceProjections: readonly Projection[] = [
  fundBalance,
  placeBalance,
  beneficiaryBalance,
  programmeBalance,
  poolBalance,
  donorBalance,
  trialBalance,
];

/** Every read model of the books. */
export const fundProjections: readonly Projection[] = [
  ...balanceProjections,
  journal,
  traces,
  items,
  books,
  voidedVouchers,
  openItems,
  approvals,
  freeLots,
];
