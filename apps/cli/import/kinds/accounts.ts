import { ok } from '#kernel';
import { choice, id } from '../cells.ts';
import { describeKind, must, step } from '../kind.ts';
import { date, fund, ref } from '../shared.ts';

export const accountKind = choice([
  { value: 'cash', vi: 'tiền mặt', en: 'cash' },
  { value: 'bank', vi: 'ngân hàng', en: 'bank' },
  { value: 'treasury', vi: 'kho bạc', en: 'treasury' },
  { value: 'store', vi: 'kho hàng', en: 'store' },
  { value: 'unstated', vi: 'không nêu', en: 'unstated' },
]);

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
  },
  steps: ({ fund: of, account, kind, date: effectiveOn }) =>
    ok([step('open', 'open-account', { fund: of, account, kind, effectiveOn })]),
});
