import type { RefusalTable, RefusalText } from '#kernel';

const row = (
  vi: string,
  en: string,
  nextVi: string,
  nextEn: string,
  status: RefusalText['status'] = 400,
): RefusalText => ({
  status,
  vi,
  en,
  nextVi,
  nextEn,
});

/** Why a book can not be shown. */
export const refusals: RefusalTable = {
  PROFILE_UNKNOWN: row(
    'Không có chế độ kế toán {profile}',
    'There is no accounting profile {profile}',
    'Chọn một trong: {known}.',
    'Choose one of: {known}.',
  ),
  BOOK_NAME_UNKNOWN: row(
    'Không có sổ tên {book}',
    'There is no book called {book}',
    'Chọn một trong: {known}.',
    'Choose one of: {known}.',
    404,
  ),
  PERIOD_OUTSIDE_YEAR: row(
    'Kỳ {from} – {to} không nằm trong năm {year}',
    'The period {from} – {to} is not within the year {year}',
    'Chọn ngày trong năm đó, ngày đầu không sau ngày cuối.',
    'Choose days of that year, the first not after the last.',
  ),
  ACCOUNT_NOT_IN_CHART: row(
    'Hệ thống tài khoản {profile} không có tài khoản {account}',
    'The chart {profile} has no account {account}',
    'Xem các tài khoản ở bảng cân đối số phát sinh.',
    'See the accounts in the trial balance.',
  ),
  BOOK_NEEDS_ACCOUNT: row(
    'Sổ này cần biết tài khoản',
    'This book needs an account',
    'Thêm account, một trong: {known}.',
    'Add account, one of: {known}.',
  ),
  DETAIL_NOT_KEPT: row(
    'Tài khoản {account} không theo dõi chi tiết theo {by}',
    'Account {account} is not kept by {by}',
    'Chọn by trong: {known}.',
    'Choose by among: {known}.',
  ),
  BOOK_TOO_LONG: row(
    'Sổ dài hơn {max} dòng, không ghi được vào một tệp',
    'The book has more than {max} rows, too many for one file',
    'Chọn kỳ ngắn hơn bằng from và to.',
    'Choose a shorter period with from and to.',
    422,
  ),
  PLACE_INVALID: row(
    'Chỗ bắt đầu trang không hợp lệ',
    'The place where the page begins is not valid',
    'Dùng đúng giá trị next của trang trước.',
    'Use the next of the page before as it is.',
  ),
};
