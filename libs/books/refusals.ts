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
  VOUCHER_INVALID: row(
    'Số chứng từ không hợp lệ',
    'The number of the voucher is not valid',
    'Ghi như PT-000001.',
    'Write it like PT-000001.',
  ),
  VOUCHER_NOT_WRITTEN: row(
    'Quỹ {fund} năm {year} chưa có chứng từ {voucher}',
    'The fund {fund} has no voucher {voucher} in {year}',
    'Xem danh sách chứng từ của sổ.',
    'See the list of vouchers of the book.',
    404,
  ),
  VOUCHER_PRINTS_TOO_MANY: row(
    'Chứng từ đã in {max} lần',
    'The voucher was printed {max} times',
    'Dùng một bản đã in.',
    'Use a print that there is.',
    409,
  ),
  VOUCHER_FILE_ATTACHED: row(
    'Tệp {file} đã gắn vào chứng từ {voucher}',
    'The file {file} is with voucher {voucher} already',
    'Không cần gắn lại.',
    'It need not be put there again.',
    409,
  ),
  VOUCHER_FILES_TOO_MANY: row(
    'Chứng từ {voucher} đã có {max} tệp',
    'Voucher {voucher} has {max} files already',
    'Gộp các tệp trước khi gắn.',
    'Join the files before you put them there.',
    409,
  ),
  VOUCHER_HAS_NO_LIST: row(
    'Chứng từ {voucher} không có danh sách người nhận',
    'Voucher {voucher} has no list of recipients',
    'In chính chứng từ (form=voucher).',
    'Print the voucher itself (form=voucher).',
    404,
  ),
  PRINT_UNKNOWN: row(
    'Chứng từ {voucher} không có lần in này',
    'Voucher {voucher} has no such print',
    'Ghi nhận lần in trước, rồi dùng đúng Idempotency-Key của lần in đó.',
    'Record the print first, then use the Idempotency-Key of that print.',
    404,
  ),
  VOUCHER_FILE_KIND: row(
    'Tệp không phải là chữ ký tách rời (.p7s) hay PDF',
    'The file is neither a detached signature (.p7s) nor a PDF',
    'Gửi tệp .p7s, PDF đã ký, hoặc PDF mà chữ ký .p7s ký vào.',
    'Send a .p7s file, a signed PDF, or the PDF that a .p7s signs.',
    422,
  ),
  NAMES_NOT_HERE: row(
    'Tiến trình này không đọc được kho thông tin riêng',
    'This process can not read the vault',
    'Hỏi tiến trình có kho thông tin riêng, hoặc bỏ names.',
    'Ask a process that has the vault, or leave names out.',
    422,
  ),
};
