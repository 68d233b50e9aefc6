import type { Bilingual } from '../domain/bilingual.ts';

/** Which paper a voucher is printed on. */
export type FormName = 'cash-receipt' | 'cash-payment' | 'goods-receipt' | 'goods-issue' | 'adjustment';

export interface Form {
  readonly title: Bilingual;
  /** Number of the form; null: the unit designs its own, with the seven contents. */
  readonly code: string | null;
  /** What the person on the other side is called, and what it is about. */
  readonly person: Bilingual;
  readonly reason: Bilingual;
  /** Where goods or money lie. */
  readonly account: Bilingual;
  readonly signatures: readonly Bilingual[];
  /** What the receiver writes in words and signs for; null: nobody hands over at a desk. */
  readonly received: Bilingual | null;
}

const both = (vi: string, en: string): Bilingual => ({ vi, en });

const HEAD = both('Thủ trưởng đơn vị (ký, họ tên, đóng dấu)', 'Head of the unit');
const CHIEF = both('Kế toán trưởng', 'Chief accountant');
const MAKER = both('Người lập phiếu', 'Prepared by');
const TREASURER = both('Thủ quỹ', 'Treasurer');
const STOREKEEPER = both('Thủ kho', 'Storekeeper');

/**
 * The papers of the series. Numbers and contents of 01-TT and 02-TT as vietnam.md §11 has them; who signs them, and the
 * papers for goods, follow habit and are for an accountant to confirm.
 */
export const FORMS: Readonly<Record<FormName, Form>> = {
  'cash-receipt': {
    title: both('PHIẾU THU', 'RECEIPT'),
    code: '01-TT',
    person: both('Họ và tên người nộp tiền', 'Received from'),
    reason: both('Lý do nộp', 'For'),
    account: both('Tài khoản nhận', 'Into account'),
    signatures: [HEAD, CHIEF, both('Người nộp tiền', 'Payer'), MAKER, TREASURER],
    received: both('Đã nhận đủ số tiền (viết bằng chữ)', 'Received the full sum (in words)'),
  },
  'cash-payment': {
    title: both('PHIẾU CHI', 'PAYMENT'),
    code: '02-TT',
    person: both('Họ và tên người nhận tiền', 'Paid to'),
    reason: both('Lý do chi', 'For'),
    account: both('Tài khoản chi', 'From account'),
    signatures: [HEAD, CHIEF, TREASURER, MAKER, both('Người nhận tiền', 'Receiver')],
    received: both('Đã nhận đủ số tiền (viết bằng chữ)', 'Received the full sum (in words)'),
  },
  'goods-receipt': {
    title: both('PHIẾU NHẬP KHO KIÊM BIÊN BẢN GIAO NHẬN', 'GOODS RECEIPT AND HAND-OVER MINUTES'),
    code: null,
    person: both('Họ và tên người giao hàng', 'Delivered by'),
    reason: both('Lý do nhập', 'For'),
    account: both('Nhập vào', 'Into'),
    signatures: [HEAD, CHIEF, both('Người giao hàng', 'Deliverer'), MAKER, STOREKEEPER],
    received: both('Đã nhận đủ số lượng (viết bằng chữ)', 'Received the full quantity (in words)'),
  },
  'goods-issue': {
    title: both('PHIẾU XUẤT KHO KIÊM BIÊN BẢN BÀN GIAO', 'GOODS ISSUE AND HAND-OVER MINUTES'),
    code: null,
    person: both('Họ và tên người nhận hàng', 'Handed over to'),
    reason: both('Lý do xuất', 'For'),
    account: both('Xuất tại', 'Out of'),
    signatures: [HEAD, CHIEF, STOREKEEPER, MAKER, both('Người nhận hàng', 'Receiver')],
    received: both('Đã nhận đủ số lượng (viết bằng chữ)', 'Received the full quantity (in words)'),
  },
  adjustment: {
    title: both('CHỨNG TỪ ĐIỀU CHỈNH', 'ADJUSTMENT VOUCHER'),
    code: null,
    person: both('Đối tượng liên quan', 'Concerning'),
    reason: both('Nội dung điều chỉnh', 'Adjustment'),
    account: both('Tài khoản', 'Account'),
    signatures: [HEAD, CHIEF, MAKER],
    received: null,
  },
};

const BY_SERIES: Readonly<Record<string, { readonly money: FormName; readonly goods: FormName }>> = {
  receipt: { money: 'cash-receipt', goods: 'goods-receipt' },
  payment: { money: 'cash-payment', goods: 'goods-issue' },
};

/** The paper of a voucher; what is of no series of receipts or payments is an adjustment. */
export const formOf = (series: string, isMoney: boolean): FormName =>
  BY_SERIES[series]?.[isMoney ? 'money' : 'goods'] ?? 'adjustment';
