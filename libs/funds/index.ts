import type { AnyHandler } from '#platform';
import { payAdvance, returnAdvance, settleAdvance, topUpAdvance } from './application/advances.ts';
import { approveAllocation, reduceAllocation } from './application/allocate.ts';
import { buyGoods } from './application/buy-goods.ts';
import {
  approveDecision,
  endDecision,
  proposeAdvance,
  proposeAllocation,
  proposeApprovalRule,
  proposeExpense,
  proposePurchase,
  proposeRefund,
  proposeRelease,
  proposeSupplierDebt,
  proposeWriteOff,
  setApprovalRule,
} from './application/approvals.ts';
import { exchangeCurrency, revalueCurrency } from './application/exchange-currency.ts';
import { loseGoods, reviseValuation } from './application/goods.ts';
import { correctReceipt } from './application/correct-receipt.ts';
import { countCash, countStock, receiveCharge, resolveCountDifference } from './application/counts.ts';
import { closeBook, listGood, openAccount } from './application/extend-book.ts';
import { takingLate } from './application/late.ts';
import { lockPeriod, unlockPeriod } from './application/periods.ts';
import { moveOwnMoney, receiveOwnMoney } from './application/own-money.ts';
import { carryForward, openBook } from './application/open-book.ts';
import { recordExpense, recordIncome, setAdminCap } from './application/own-costs.ts';
import { changeDisbursement, proposeDisbursement } from './application/propose-disbursement.ts';
import { recordReceipt } from './application/record-receipt.ts';
import { refundToDonor } from './application/refund-to-donor.ts';
import { releaseRestriction } from './application/release-restriction.ts';
import { reverseReceipt } from './application/reverse-receipt.ts';
import {
  approveDisbursement,
  cancelDisbursement,
  deliverDisbursement,
  payDisbursement,
  rejectDisbursement,
  returnDisbursement,
} from './application/settle-disbursement.ts';
import { settling } from './application/settling.ts';
import {
  identifyReceipt,
  recordUnidentifiedReceipt,
  returnUnidentifiedReceipt,
} from './application/unidentified-receipt.ts';
import { paySupplier, recordSupplierDebt, reduceSupplierDebt } from './application/supplier-debts.ts';
import { voidVoucher } from './application/void-voucher.ts';

export { giftFields } from './application/gift.ts';
export { bookItems } from './application/item-rules.ts';
export { poolAmountsSchema, rateSchema, restrictionSchema } from './application/shared.ts';
export * from './domain/base-currency.ts';
export * from './domain/book.ts';
export * from './domain/events-accounts.ts';
export * from './domain/events-approvals.ts';
export * from './domain/events-corrections.ts';
export * from './domain/events-counts.ts';
export * from './domain/events-daily.ts';
export * from './domain/events-periods.ts';
export * from './domain/events-debts.ts';
export * from './domain/events-exchange.ts';
export * from './domain/events-goods.ts';
export * from './domain/events.ts';
export { closedBookOf } from './domain/late-facts.ts';
export { mintedIn, piecesOfExchange } from './domain/exchange.ts';
export * from './domain/money-moves.ts';
export * from './domain/movements.ts';
export * from './domain/postings.ts';
export { reconcileAccount, reconciledBook } from './domain/reconcile-account.ts';
export { readRate, worthAt } from './domain/rate.ts';
export { refusals } from './domain/refusals.ts';
export * from './domain/restriction.ts';
export { kindOfVoucher } from './domain/vouchers.ts';
export * from './read-models/index.ts';

/** Every command of the funds capability. */
export const handlers = settling(
  takingLate({
    openBook,
    carryForward,
    openAccount,
    listGood,
    closeBook,
    lockPeriod,
    unlockPeriod,
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
    correctReceipt,
    reverseReceipt,
    refundToDonor,
    releaseRestriction,
    voidVoucher,
    recordUnidentifiedReceipt,
    identifyReceipt,
    returnUnidentifiedReceipt,
    moveOwnMoney,
    receiveOwnMoney,
    countCash,
    countStock,
    resolveCountDifference,
    receiveCharge,
    recordIncome,
    recordExpense,
    setAdminCap,
    payAdvance,
    topUpAdvance,
    settleAdvance,
    returnAdvance,
    recordSupplierDebt,
    paySupplier,
    reduceSupplierDebt,
    buyGoods,
    loseGoods,
    reviseValuation,
    exchangeCurrency,
    revalueCurrency,
    setApprovalRule,
    changeDisbursement,
    proposeAdvance,
    proposeAllocation,
    proposeApprovalRule,
    proposeExpense,
    proposePurchase,
    proposeRefund,
    proposeRelease,
    proposeSupplierDebt,
    proposeWriteOff,
    approveDecision,
    endDecision,
  } satisfies Record<string, AnyHandler>),
);
