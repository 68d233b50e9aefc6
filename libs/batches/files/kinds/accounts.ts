import { type Result, ok } from '#kernel';
import { choice, id, text } from '../cells.ts';
import { type CellRefusal, describeKind, may, must, refuseCell, step } from '../kind.ts';
import { date, fund, ref } from '../shared.ts';

export const accountKind = choice([
  { value: 'cash', vi: 'tiền mặt', en: 'cash' },
  { value: 'bank', vi: 'ngân hàng', en: 'bank' },
  { value: 'treasury', vi: 'kho bạc', en: 'treasury' },
  { value: 'store', vi: 'kho hàng', en: 'store' },
  { value: 'unstated', vi: 'không nêu', en: 'unstated' },
]);

/** Where gifts can be sent: the details of a bank account of the fund. */
export const bankColumns = {
  bankBin: may(
    text,
    'Mã BIN ngân hàng',
    'Bank BIN',
    '',
    'Sáu số theo NAPAS, ví dụ 970436; cho mã VietQR',
    'Six digits by NAPAS, for example 970436; for VietQR codes',
  ),
  bankNumber: may(
    text,
    'Số tài khoản ngân hàng',
    'Bank account number',
    '',
    'Công khai: nằm trong mã VietQR',
    'Public: it is in the VietQR code',
  ),
};

interface BankCells {
  readonly bankBin: string | null;
  readonly bankNumber: string | null;
}

/** The bank details of a row: both or neither. */
export function bankOf({ bankBin: bin, bankNumber: number }: BankCells): Result<object, CellRefusal> {
  if (bin === null && number === null) return ok({});
  if (bin === null) return refuseCell('bankBin', { code: 'CELL_MISSING', details: {} });
  if (number === null) return refuseCell('bankNumber', { code: 'CELL_MISSING', details: {} });
  return ok({ bank: { bin, number } });
}

/** Further accounts of a book. */
export const accounts = describeKind({
  name: 'accounts',
  files: { vi: 'tai-khoan', en: 'accounts' },
  title: { vi: 'Tài khoản tiền và kho', en: 'Accounts' },
  columns: {
    ref,
    fund,
    account: must(id, 'Mã tài khoản', 'Account', 'tien-mat'),
    kind: must(accountKind, 'Loại tài khoản', 'Account kind', 'tiền mặt'),
    date,
    ...bankColumns,
  },
  steps: (row) => {
    const { fund: of, account, kind, date: effectiveOn } = row;
    const bank = bankOf(row);
    if (!bank.ok) return bank;
    return ok([step('open', 'open-account', { fund: of, account, kind, effectiveOn, ...bank.value })]);
  },
});
