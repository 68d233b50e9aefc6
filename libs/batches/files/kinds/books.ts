import { ok } from '#kernel';
import { choice, day, id, text, year } from '../cells.ts';
import { describeKind, may, must, step } from '../kind.ts';
import { fund, placeColumns, placeOf, ref } from '../shared.ts';
import { accountKind, bankColumns, bankOf } from './accounts.ts';

const LEVELS = [
  { value: 'central', vi: 'trung ương', en: 'central' },
  { value: 'province', vi: 'tỉnh', en: 'province' },
  { value: 'district', vi: 'huyện', en: 'district' },
  { value: 'commune', vi: 'xã', en: 'commune' },
  { value: 'facility', vi: 'cơ sở', en: 'facility' },
] as const;

/** The book of one fund for one year, with its first account. */
export const books = describeKind({
  name: 'books',
  files: { vi: 'so-quy', en: 'books' },
  title: { vi: 'Sổ quỹ', en: 'Books' },
  columns: {
    ref,
    fund,
    year: must(year, 'Năm', 'Year', '2023'),
    name: must(text, 'Tên quỹ', 'Name', 'Quỹ Bảo trợ trẻ em tỉnh'),
    level: must(choice(LEVELS), 'Cấp', 'Level', 'tỉnh'),
    ...placeColumns,
    account: must(
      id,
      'Mã tài khoản',
      'Account',
      'nh-1',
      'Mã nội bộ, không phải số tài khoản',
      'An id, not the account number',
    ),
    accountKind: must(accountKind, 'Loại tài khoản', 'Account kind', 'ngân hàng'),
    date: may(
      day,
      'Ngày mở sổ',
      'Opened on',
      '01/01/2023',
      'Để trống là ngày 1 tháng 1',
      'Empty means 1 January',
    ),
    ...bankColumns,
  },
  steps: (row) => {
    const place = placeOf(row.placeCode, row.placeName, 'placeCode');
    if (!place.ok) return place;
    const bank = bankOf(row);
    if (!bank.ok) return bank;
    const body = {
      fund: row.fund,
      year: row.year,
      name: row.name,
      level: row.level,
      place: place.value,
      accounts: [{ account: row.account, kind: row.accountKind, ...bank.value }],
      effectiveOn: row.date ?? `${row.year}-01-01`,
    };
    return ok([step('open', 'open-book', body)]);
  },
});
