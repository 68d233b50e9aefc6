import type { BookEventType, ReceiptSource } from '#funds';
import type { Bilingual } from './book.ts';
import type { Detail } from './domain/profile.ts';

const both = (vi: string, en: string): Bilingual => ({ vi, en });

/** What an entry says when no narrative is shown: free text stays in the vault. Every type of event has its words. */
export const DESCRIPTIONS: Readonly<Record<BookEventType, Bilingual>> = {
  'book.opened.v1': both('Mở sổ', 'Book opened'),
  'book.pool-carried.v1': both('Chuyển số dư từ năm trước', 'Carried forward'),
  'book.account-carried.v1': both('Chuyển số dư tài khoản từ năm trước', 'Account balance carried forward'),
  'book.account-opened.v1': both('Mở tài khoản', 'Account opened'),
  'book.good-listed.v1': both('Thêm loại hiện vật', 'Good listed'),
  'book.receipt-recorded.v1': both('Tiếp nhận đóng góp', 'Contribution received'),
  'book.allocation-approved.v1': both('Phân bổ', 'Allocation'),
  'book.allocation-reduced.v1': both('Giảm phân bổ', 'Allocation reduced'),
  'book.disbursement-proposed.v1': both('Đề nghị chi', 'Disbursement proposed'),
  'book.disbursement-approved.v1': both('Duyệt chi', 'Disbursement approved'),
  'book.disbursement-rejected.v1': both('Từ chối chi', 'Disbursement rejected'),
  'book.disbursement-cancelled.v1': both('Hủy chi', 'Disbursement cancelled'),
  'book.disbursement-paid.v1': both('Chi hỗ trợ', 'Assistance paid'),
  'book.disbursement-delivered.v1': both('Trao hỗ trợ', 'Assistance delivered'),
  'book.disbursement-returned.v1': both('Thu hồi khoản chi', 'Payment returned'),
  'book.closed.v1': both('Khóa sổ', 'Book closed'),
  'book.donor-refunded.v1': both('Hoàn trả nhà tài trợ', 'Refund to the donor'),
  'book.receipt-adjusted.v1': both('Điều chỉnh số tiền tiếp nhận', 'Receipt adjusted'),
  'book.receipt-corrected.v1': both('Sửa thông tin tiếp nhận', 'Receipt corrected'),
  'book.receipt-reversed.v1': both('Hủy bút toán tiếp nhận', 'Receipt reversed'),
  'book.restriction-released.v1': both('Gỡ hạn chế', 'Restriction released'),
  'book.shortfall-carried.v1': both('Chuyển số thiếu từ năm trước', 'Shortfall carried forward'),
  'book.shortfall-settled.v1': both('Bù số thiếu', 'Shortfall settled'),
  'book.voucher-voided.v1': both('Hủy chứng từ', 'Voucher voided'),
  'book.cash-counted.v1': both('Kiểm kê quỹ tiền mặt', 'Cash counted'),
  'book.stock-counted.v1': both('Kiểm kê kho', 'Stock counted'),
  'book.count-difference-booked.v1': both('Chênh lệch kiểm kê chờ xử lý', 'Count difference, pending'),
  'book.count-difference-resolved.v1': both('Xử lý chênh lệch kiểm kê', 'Count difference resolved'),
  'book.charge-paid.v1': both('Thu bồi thường', 'Charge paid'),
  'book.approval-rule-set.v1': both('Đặt quy định duyệt', 'Approval rule set'),
  'book.decision-approval-given.v1': both('Duyệt đề nghị', 'Proposal approved by a person'),
  'book.decision-carried.v1': both('Đề nghị chuyển sang năm sau', 'Proposal carried forward'),
  'book.decision-ended.v1': both('Từ chối hoặc rút đề nghị', 'Proposal rejected or withdrawn'),
  'book.decision-proposed.v1': both('Đề nghị chờ duyệt', 'Proposed for approval'),
  'book.disbursement-approval-given.v1': both('Duyệt chi (một người)', 'Disbursement approved by one of two'),
  'book.disbursement-changed.v1': both('Sửa đề nghị chi', 'Disbursement proposal changed'),
  'book.advance-carried.v1': both('Chuyển tạm ứng từ năm trước', 'Advance carried forward'),
  'book.advance-paid.v1': both('Chi tạm ứng', 'Advance to staff'),
  'book.advance-returned.v1': both('Hoàn tạm ứng', 'Advance returned'),
  'book.advance-settled.v1': both('Quyết toán tạm ứng', 'Advance settled'),
  'book.supplier-debt-recorded.v1': both('Ghi nợ nhà cung cấp', 'Supplier invoice'),
  'book.supplier-debt-reduced.v1': both('Giảm nợ nhà cung cấp', 'Supplier credit note'),
  'book.supplier-paid.v1': both('Trả nợ nhà cung cấp', 'Supplier paid'),
  'book.admin-cap-set.v1': both('Đặt mức chi quản lý', 'Cap of administration costs set'),
  'book.expense-recorded.v1': both('Chi phí của quỹ', 'Cost of the fund'),
  'book.currency-exchanged.v1': both('Bán ngoại tệ', 'Foreign money sold'),
  'book.currency-revalued.v1': both('Đánh giá lại ngoại tệ', 'Foreign money revalued'),
  'book.goods-bought.v1': both('Mua hàng', 'Goods bought'),
  'book.goods-lost.v1': both('Hàng hư hỏng, mất mát', 'Goods lost or spoiled'),
  'book.income-recorded.v1': both('Thu của quỹ', 'Income of the fund'),
  'book.money-arrived.v1': both('Tiền chuyển nội bộ đến', 'Own money arrived'),
  'book.money-sent.v1': both('Chuyển tiền nội bộ', 'Own money sent'),
  'book.open-item-carried.v1': both('Chuyển khoản mở từ năm trước', 'Open item carried forward'),
  'book.account-reconciled.v1': both('Đối chiếu ngân hàng', 'Reconciled with the bank'),
  'book.disbursement-carried.v1': both(
    'Chuyển khoản chi dở dang từ năm trước',
    'Disbursement carried forward',
  ),
  'book.period-locked.v1': both('Khóa sổ tháng', 'Months locked'),
  'book.period-unlocked.v1': both('Mở khóa tháng', 'Month unlocked'),
  'book.receipt-identified.v1': both('Xác định khoản tiếp nhận', 'Receipt identified'),
  'book.unidentified-receipt-recorded.v1': both('Tiếp nhận chưa xác định', 'Unidentified receipt'),
  'book.valuation-revised.v1': both('Điều chỉnh giá trị hiện vật', 'Value of goods revised'),
  'book.unidentified-receipt-returned.v1': both(
    'Trả lại khoản chưa xác định',
    'Unidentified receipt returned',
  ),
};

export const SOURCE_WORDS: Readonly<Record<ReceiptSource, Bilingual>> = {
  voluntary: both('Đóng góp tự nguyện', 'Voluntary contributions'),
  sponsorship: both('Tài trợ có mục đích, địa chỉ', 'Sponsorship with a stated purpose'),
  'state-budget': both('Ngân sách nhà nước', 'State budget'),
  'foreign-aid': both('Viện trợ quốc tế', 'International aid'),
  income: both('Thu từ hoạt động', 'Income'),
  other: both('Nguồn khác', 'Other sources'),
};

export const UNSPECIFIED = both('Chưa xác định', 'Not specified');

export const RESTRICTION_WORDS: Readonly<Record<string, Bilingual>> = {
  with: both('Có hạn chế của nhà tài trợ', 'With donor restrictions'),
  without: both('Không có hạn chế', 'Without donor restrictions'),
};

export const DETAIL_WORDS: Readonly<Record<Detail, Bilingual>> = {
  source: both('Nguồn', 'Source'),
  restriction: both('Hạn chế', 'Restriction'),
  programme: both('Chương trình', 'Programme'),
  donor: both('Nhà tài trợ', 'Donor'),
  recipient: both('Đối tượng nhận', 'Recipient'),
  place: both('Địa bàn', 'Place'),
};

/** The value of a detail as a person reads it; ids as they are. */
export function valueWords(detail: Detail, value: string): Bilingual {
  if (value === '') return UNSPECIFIED;
  if (detail === 'source') return SOURCE_WORDS[value as ReceiptSource] ?? both(value, value);
  if (detail === 'restriction') return RESTRICTION_WORDS[value] ?? both(value, value);
  return both(value, value);
}

/** Titles of columns that several books share. */
export const COLUMN = {
  day: both('Ngày ghi sổ', 'Posting date'),
  voucher: both('Số', 'Number'),
  voucherDay: both('Ngày', 'Date'),
  vouchers: both('Chứng từ', 'Voucher'),
  description: both('Diễn giải', 'Description'),
  journal: both('Trang/dòng NKC', 'Journal page/line'),
  contra: both('TK đối ứng', 'Contra account'),
  debit: both('Nợ', 'Debit'),
  credit: both('Có', 'Credit'),
  balance: both('Số dư', 'Balance'),
  account: both('TK', 'Account'),
  name: both('Tên', 'Name'),
  commodity: both('Loại', 'Commodity'),
} as const;

export const ROW = {
  opening: both('Số dư đầu kỳ', 'Opening balance'),
  carried: both('Số trang trước chuyển sang', 'Brought forward'),
  turnover: both('Cộng phát sinh', 'Total of the period'),
  cumulative: both('Lũy kế từ đầu năm', 'Cumulative since the year began'),
  closing: both('Số dư cuối kỳ', 'Closing balance'),
  total: both('Tổng cộng', 'Total'),
} as const;

export const line = ({ vi, en }: Bilingual): string => `${vi} / ${en}`;
