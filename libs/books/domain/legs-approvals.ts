import type { ApprovalEvents } from '#funds';
import { type LegsTable, none } from './leg.ts';

/** Approvals move nothing: what they allow is booked by the event that does it. */
export const approvalLegs: LegsTable<ApprovalEvents> = {
  'book.approval-rule-set.v1': none,
  'book.decision-approval-given.v1': none,
  'book.decision-carried.v1': none,
  'book.decision-ended.v1': none,
  'book.decision-proposed.v1': none,
  'book.disbursement-approval-given.v1': none,
  'book.disbursement-changed.v1': none,
};
