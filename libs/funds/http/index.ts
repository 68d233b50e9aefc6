import type { Endpoint } from '#http';
import { fundVietQrEndpoint } from './fund-vietqr.ts';
import { pledgeVietQrEndpoint } from './pledge-vietqr.ts';
import { setApprovalRuleEndpoint } from './set-approval-rule.ts';
import { changeDisbursementEndpoint } from './change-disbursement.ts';
import { proposeAllocationEndpoint } from './propose-allocation.ts';
import { proposeApprovalRuleEndpoint } from './propose-approval-rule.ts';
import { proposeExpenseEndpoint } from './propose-expense.ts';
import { proposePurchaseEndpoint } from './propose-purchase.ts';
import { proposeWriteOffEndpoint } from './propose-write-off.ts';
import { proposeAdvanceEndpoint } from './propose-advance.ts';
import { proposeSupplierDebtEndpoint } from './propose-supplier-debt.ts';
import { proposeRefundEndpoint } from './propose-refund.ts';
import { proposeReleaseEndpoint } from './propose-release.ts';
import { approveDecisionEndpoint } from './approve-decision.ts';
import { endDecisionEndpoint } from './end-decision.ts';
import { voidVoucherEndpoint } from './void-voucher.ts';
import { releaseRestrictionEndpoint } from './release-restriction.ts';
import { refundToDonorEndpoint } from './refund-to-donor.ts';
import { reverseReceiptEndpoint } from './reverse-receipt.ts';
import { correctReceiptEndpoint } from './correct-receipt.ts';
import { approveAllocationEndpoint } from './approve-allocation.ts';
import { approveDisbursementEndpoint } from './approve-disbursement.ts';
import { balancesByAccountEndpoint } from './balances-by-account.ts';
import { balancesByBeneficiaryEndpoint } from './balances-by-beneficiary.ts';
import { balancesByDonorEndpoint } from './balances-by-donor.ts';
import { balancesByFundEndpoint } from './balances-by-fund.ts';
import {
  districtBalancesEndpoint,
  communeBalancesEndpoint,
  provinceBalancesEndpoint,
} from './balances-by-place.ts';
import { balancesByPoolEndpoint } from './balances-by-pool.ts';
import { balancesByProgrammeEndpoint } from './balances-by-programme.ts';
import { buyGoodsEndpoint } from './buy-goods.ts';
import { exchangeCurrencyEndpoint } from './exchange-currency.ts';
import { loseGoodsEndpoint } from './lose-goods.ts';
import { revalueCurrencyEndpoint } from './revalue-currency.ts';
import { reviseValuationEndpoint } from './revise-valuation.ts';
import { cancelDisbursementEndpoint } from './cancel-disbursement.ts';
import { carryForwardEndpoint } from './carry-forward.ts';
import { closeBookEndpoint } from './close-book.ts';
import { countCashEndpoint } from './count-cash.ts';
import { countStockEndpoint } from './count-stock.ts';
import { resolveCountDifferenceEndpoint } from './resolve-count-difference.ts';
import { receiveChargeEndpoint } from './receive-charge.ts';
import { lockPeriodEndpoint } from './lock-period.ts';
import { unlockPeriodEndpoint } from './unlock-period.ts';
import { payAdvanceEndpoint } from './pay-advance.ts';
import { topUpAdvanceEndpoint } from './top-up-advance.ts';
import { settleAdvanceEndpoint } from './settle-advance.ts';
import { returnAdvanceEndpoint } from './return-advance.ts';
import { recordSupplierDebtEndpoint } from './record-supplier-debt.ts';
import { paySupplierEndpoint } from './pay-supplier.ts';
import { reduceSupplierDebtEndpoint } from './reduce-supplier-debt.ts';
import { deliverDisbursementEndpoint } from './deliver-disbursement.ts';
import { listExpiringEndpoint } from './list-expiring.ts';
import { listGiftAgesEndpoint } from './list-gift-ages.ts';
import { listIdleAgesEndpoint } from './list-idle-ages.ts';
import { listOpenItemAgesEndpoint } from './list-open-item-ages.ts';
import { listApprovalRulesEndpoint } from './list-approval-rules.ts';
import { listDecisionsEndpoint } from './list-decisions.ts';
import { showDecisionEndpoint } from './show-decision.ts';
import { listDisbursementsEndpoint } from './list-disbursements.ts';
import { listBooksEndpoint } from './list-books.ts';
import { listFundsEndpoint } from './list-funds.ts';
import { listGoodEndpoint } from './list-good.ts';
import { listJournalEndpoint } from './list-journal.ts';
import { listVoidedVouchersEndpoint } from './list-voided-vouchers.ts';
import { listOpenItemsEndpoint } from './list-open-items.ts';
import { recordExpenseEndpoint } from './record-expense.ts';
import { recordIncomeEndpoint } from './record-income.ts';
import { setAdminCapEndpoint } from './set-admin-cap.ts';
import { moveOwnMoneyEndpoint } from './move-own-money.ts';
import { receiveOwnMoneyEndpoint } from './receive-own-money.ts';
import { openAccountEndpoint } from './open-account.ts';
import { openBookEndpoint } from './open-book.ts';
import { payDisbursementEndpoint } from './pay-disbursement.ts';
import { proposeDisbursementEndpoint } from './propose-disbursement.ts';
import { recordReceiptEndpoint } from './record-receipt.ts';
import { recordReceiptsEndpoint } from './record-receipts.ts';
import { recordUnidentifiedReceiptEndpoint } from './record-unidentified-receipt.ts';
import { identifyReceiptEndpoint } from './identify-receipt.ts';
import { returnUnidentifiedReceiptEndpoint } from './return-unidentified-receipt.ts';
import { reduceAllocationEndpoint } from './reduce-allocation.ts';
import { rejectDisbursementEndpoint } from './reject-disbursement.ts';
import { returnDisbursementEndpoint } from './return-disbursement.ts';
import { showDisbursementEndpoint } from './show-disbursement.ts';
import { traceDisbursementEndpoint } from './trace-disbursement.ts';
import { traceReceiptEndpoint } from './trace-receipt.ts';
import { trialBalanceEndpoint } from './trial-balance.ts';

/** Commands of the funds capability over HTTP. */
export const commandEndpoints: readonly Endpoint[] = [
  openBookEndpoint,
  carryForwardEndpoint,
  openAccountEndpoint,
  listGoodEndpoint,
  closeBookEndpoint,
  lockPeriodEndpoint,
  unlockPeriodEndpoint,
  recordReceiptEndpoint,
  approveAllocationEndpoint,
  reduceAllocationEndpoint,
  proposeDisbursementEndpoint,
  approveDisbursementEndpoint,
  rejectDisbursementEndpoint,
  cancelDisbursementEndpoint,
  payDisbursementEndpoint,
  deliverDisbursementEndpoint,
  returnDisbursementEndpoint,
  correctReceiptEndpoint,
  reverseReceiptEndpoint,
  refundToDonorEndpoint,
  releaseRestrictionEndpoint,
  voidVoucherEndpoint,
  recordUnidentifiedReceiptEndpoint,
  identifyReceiptEndpoint,
  returnUnidentifiedReceiptEndpoint,
  moveOwnMoneyEndpoint,
  receiveOwnMoneyEndpoint,
  countCashEndpoint,
  countStockEndpoint,
  resolveCountDifferenceEndpoint,
  receiveChargeEndpoint,
  payAdvanceEndpoint,
  topUpAdvanceEndpoint,
  settleAdvanceEndpoint,
  returnAdvanceEndpoint,
  recordSupplierDebtEndpoint,
  paySupplierEndpoint,
  reduceSupplierDebtEndpoint,
  recordIncomeEndpoint,
  recordExpenseEndpoint,
  setAdminCapEndpoint,
  buyGoodsEndpoint,
  exchangeCurrencyEndpoint,
  revalueCurrencyEndpoint,
  loseGoodsEndpoint,
  reviseValuationEndpoint,
  recordReceiptsEndpoint,
  setApprovalRuleEndpoint,
  changeDisbursementEndpoint,
  proposeAllocationEndpoint,
  proposeApprovalRuleEndpoint,
  proposeExpenseEndpoint,
  proposePurchaseEndpoint,
  proposeWriteOffEndpoint,
  proposeAdvanceEndpoint,
  proposeSupplierDebtEndpoint,
  proposeRefundEndpoint,
  proposeReleaseEndpoint,
  approveDecisionEndpoint,
  endDecisionEndpoint,
];

/** Reads of the funds capability over HTTP. */
export const queryEndpoints: readonly Endpoint[] = [
  balancesByFundEndpoint,
  balancesByProgrammeEndpoint,
  balancesByBeneficiaryEndpoint,
  balancesByPoolEndpoint,
  balancesByAccountEndpoint,
  balancesByDonorEndpoint,
  trialBalanceEndpoint,
  listJournalEndpoint,
  listDisbursementsEndpoint,
  listApprovalRulesEndpoint,
  listExpiringEndpoint,
  listGiftAgesEndpoint,
  listIdleAgesEndpoint,
  listOpenItemAgesEndpoint,
  listDecisionsEndpoint,
  showDecisionEndpoint,
  showDisbursementEndpoint,
  traceDisbursementEndpoint,
  traceReceiptEndpoint,
  listFundsEndpoint,
  listBooksEndpoint,
  fundVietQrEndpoint,
  pledgeVietQrEndpoint,
  listVoidedVouchersEndpoint,
  listOpenItemsEndpoint,
  districtBalancesEndpoint,
  communeBalancesEndpoint,
  provinceBalancesEndpoint,
];
