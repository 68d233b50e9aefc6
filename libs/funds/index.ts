import type { AnyHandler } from '#platform';
import { approveAllocation, reduceAllocation } from './application/allocate.ts';
import { closeBook, listGood, openAccount } from './application/extend-book.ts';
import { openBook } from './application/open-book.ts';
import { proposeDisbursement } from './application/propose-disbursement.ts';
import { recordReceipt } from './application/record-receipt.ts';
import {
  approveDisbursement,
  cancelDisbursement,
  deliverDisbursement,
  payDisbursement,
  rejectDisbursement,
  returnDisbursement,
} from './application/settle-disbursement.ts';

export * from './domain/book.ts';
export * from './domain/events.ts';
export * from './domain/money-moves.ts';
export * from './domain/movements.ts';
export * from './domain/postings.ts';
export { refusals } from './domain/refusals.ts';
export * from './domain/restriction.ts';
export * from './read-models/index.ts';

/** Every command of the funds capability. */
export const handlers = {
  openBook,
  openAccount,
  listGood,
  closeBook,
  recordReceipt,
  approveAllocation,
  reduceAllocation,
  proposeDisbursement,
  approveDisbursement,
  rejectDisbursement,
  cancelDisbursement,
  payDisbursement,
  deliverDisbursement,
  returnDisbursement,
} satisfies Record<string, AnyHandler>;
