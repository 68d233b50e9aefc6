import { ok } from '#kernel';
import { amount, choice, id, text } from '../cells.ts';
import { all, describeKind, may, must, refuseCell, step, withoutNulls } from '../kind.ts';
import {
  SOURCES,
  commodityColumns,
  date,
  fund,
  made,
  moneyOf,
  narrative,
  placeColumns,
  placeOf,
  reason,
  ref,
} from '../shared.ts';

const NOTE = [
  'Số tham chiếu của dòng tiếp nhận, hoặc mã của lệnh đã ghi nó',
  'The ref of the row of the receipt, or the id of the command that recorded it',
] as const;

const receipt = must(made('receipts', 'record'), 'Khoản tiếp nhận', 'Receipt', 'PT-0001', ...NOTE);

/** What a receipt says wrongly of its giver, place, source, pledge or text, and its amount. */
export const receiptCorrections = describeKind({
  name: 'receipt-corrections',
  files: { vi: 'sua-tiep-nhan', en: 'receipt-corrections' },
  title: { vi: 'Sửa khoản tiếp nhận', en: 'Corrections of receipts' },
  columns: {
    ref,
    fund,
    date,
    receipt,
    amount: may(
      amount,
      'Số đúng',
      'Right amount',
      '500.000',
      'Để trống khi số tiền không đổi; phần chênh lệch được ghi sổ',
      'Empty when the amount stays; the difference is booked',
    ),
    ...commodityColumns,
    account: may(
      id,
      'Mã tài khoản',
      'Account',
      '',
      'Nơi ghi chênh lệch; để trống: tài khoản của khoản tiếp nhận',
      'Where the difference goes; empty: the account of the receipt',
    ),
    donor: may(id, 'Mã nhà tài trợ đúng', 'Right donor', 'nt-0002', 'Để trống: giữ nguyên', 'Empty: stays'),
    ...placeColumns,
    source: may(choice(SOURCES), 'Nguồn thu đúng', 'Right source', ''),
    pledge: may(id, 'Mã cam kết đúng', 'Right pledge', ''),
    narrative,
    reason,
  },
  steps: (row) => {
    const read = all({
      money: row.amount === null ? ok(null) : moneyOf('amount', row.amount, row),
      place: placeOf(row.placeCode, row.placeName, 'placeCode'),
    });
    if (!read.ok) return read;
    const { money, place } = read.value;
    const changed = withoutNulls({
      donor: row.donor,
      place,
      source: row.source,
      pledge: row.pledge,
      narrative: row.narrative,
      amount: money?.amount ?? null,
      account: row.account,
    });
    const { fund: of, date: effectiveOn, reason: why } = row;
    const body = { fund: of, receipt: row.receipt, ...changed, reason: why, effectiveOn };
    return ok([step('correct', 'correct-receipt', body)]);
  },
});

const REVERSALS = choice([
  { value: 'wrong-entry', vi: 'ghi nhầm', en: 'wrong entry' },
  { value: 'bank-reversal', vi: 'ngân hàng thu lại', en: 'bank reversal' },
]);

/** Receipts that were never so, or whose money went back. */
export const receiptReversals = describeKind({
  name: 'receipt-reversals',
  files: { vi: 'dao-tiep-nhan', en: 'receipt-reversals' },
  title: { vi: 'Đảo khoản tiếp nhận', en: 'Reversals of receipts' },
  columns: {
    ref,
    fund,
    date,
    receipt,
    kind: must(REVERSALS, 'Loại đảo', 'Kind of reversal', 'ghi nhầm'),
    account: may(
      id,
      'Mã tài khoản',
      'Account',
      '',
      'Nơi thiếu tiền; để trống: tài khoản của khoản tiếp nhận',
      'Where the money is missing; empty: the account of the receipt',
    ),
    reason,
  },
  steps: ({ fund: of, date: effectiveOn, receipt: named, kind, account, reason: why }) =>
    ok([
      step('reverse', 'reverse-receipt', {
        fund: of,
        receipt: named,
        kind,
        account,
        reason: why,
        effectiveOn,
      }),
    ]),
});

/** Vouchers that were spoiled, each written anew under the next number. */
export const voidedVouchers = describeKind({
  name: 'voided-vouchers',
  files: { vi: 'huy-chung-tu', en: 'voided-vouchers' },
  title: { vi: 'Hủy và viết lại chứng từ', en: 'Voided vouchers' },
  columns: {
    ref,
    fund,
    date,
    voucher: must(text, 'Số chứng từ', 'Voucher', 'PT-000001'),
    receipt: may(made('receipts', 'record'), 'Khoản tiếp nhận', 'Receipt', 'PT-0001', ...NOTE),
    disbursement: may(
      made('disbursements', 'propose'),
      'Khoản chi',
      'Disbursement',
      '',
      'Một trong hai: khoản tiếp nhận hoặc khoản chi',
      'One of the two: the receipt or the disbursement',
    ),
    reason,
  },
  steps: ({ fund: of, date: effectiveOn, voucher, receipt: received, disbursement, reason: why }) => {
    const item = received ?? disbursement;
    if (item === null) return refuseCell('receipt', { code: 'CELL_MISSING', details: {} });
    if (received !== null && disbursement !== null)
      return refuseCell('disbursement', { code: 'CELL_UNEXPECTED', details: {} });
    return ok([step('void', 'void-voucher', { fund: of, item, voucher, reason: why, effectiveOn })]);
  },
});
