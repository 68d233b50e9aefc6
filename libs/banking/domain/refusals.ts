import type { RefusalTable } from '#kernel';
import { statementRefusals } from './statement-refusals.ts';

/** Every “no” of the commands on bank accounts. */
const commandRefusals: RefusalTable = {
  BANK_ACCOUNT_EXISTS: {
    status: 409,
    vi: 'Tài khoản ngân hàng “{account}” đã được đăng ký.',
    en: 'The bank account “{account}” is registered already.',
    nextVi: 'Dùng tài khoản đã có, hoặc chọn mã khác.',
    nextEn: 'Use the account that is there, or another id.',
  },
  BANK_ACCOUNT_UNKNOWN: {
    status: 404,
    vi: 'Chưa có tài khoản ngân hàng “{account}”.',
    en: 'There is no bank account “{account}”.',
    nextVi: 'Đăng ký tài khoản (register-bank-account) trước.',
    nextEn: 'Register the account (register-bank-account) first.',
  },
  BANK_BIN_INVALID: {
    status: 400,
    vi: 'Mã ngân hàng (BIN) phải có 6 chữ số.',
    en: 'The BIN of a bank has 6 digits.',
    nextVi: 'Dùng BIN của Napas, ví dụ 970436 cho Vietcombank.',
    nextEn: 'Use the Napas BIN, such as 970436 for Vietcombank.',
  },
  BANK_NUMBER_INVALID: {
    status: 400,
    vi: 'Số tài khoản gồm 6 đến 19 chữ số.',
    en: 'An account number has 6 to 19 digits.',
    nextVi: 'Ghi số tài khoản không có dấu cách.',
    nextEn: 'Give the number without spaces.',
  },
  BANK_LINE_ID_INVALID: {
    status: 400,
    vi: 'Mã dòng sao kê không hợp lệ.',
    en: 'The id of a bank line is not valid.',
    nextVi: 'Lấy mã từ danh sách dòng sao kê.',
    nextEn: 'Take the id from the list of bank lines.',
  },
  BANK_ENTRY_ID_INVALID: {
    status: 400,
    vi: 'Mã bút toán không hợp lệ.',
    en: 'The id of a book entry is not valid.',
    nextVi: 'Lấy mã từ danh sách bút toán chưa khớp.',
    nextEn: 'Take the id from the list of open entries.',
  },
  BANK_MATCH_ID_INVALID: {
    status: 400,
    vi: 'Mã lần khớp không hợp lệ.',
    en: 'The id of a match is not valid.',
    nextVi: 'Lấy mã từ danh sách đã khớp.',
    nextEn: 'Take the id from the list of matches.',
  },
  LAYOUT_INCOMPLETE: {
    status: 422,
    vi: 'Mẫu cột “{layout}” thiếu ngày, nội dung hoặc số tiền.',
    en: 'The layout “{layout}” lacks the date, the text or the amounts.',
    nextVi: 'Ghi chữ tiêu đề cho bookedOn, narrative và debit cùng credit, hoặc amount.',
    nextEn: 'Give header words for bookedOn, narrative and debit with credit, or amount.',
  },
  BANK_LINE_OUTSIDE_YEAR: {
    status: 422,
    vi: 'Ngày {date} không thuộc năm {year}.',
    en: 'The date {date} is outside the year {year}.',
    nextVi: 'Gửi các dòng theo năm của ngày hạch toán.',
    nextEn: 'Send lines by the year of their booking day.',
  },
  BANK_LINE_BEFORE_START: {
    status: 422,
    vi: 'Ngày {date} trước ngày bắt đầu đối chiếu ({start}).',
    en: 'The date {date} is before the first day that is reconciled ({start}).',
    nextVi: 'Bỏ các dòng trước ngày bắt đầu.',
    nextEn: 'Leave out lines before the first day.',
  },
  BANK_LINES_KNOWN: {
    status: 409,
    vi: 'Cả {count} dòng đã được ghi.',
    en: 'All {count} lines are recorded already.',
    nextVi: 'Không cần làm gì.',
    nextEn: 'Nothing is to be done.',
  },
  BANK_STATEMENT_KNOWN: {
    status: 409,
    vi: 'Sao kê “{statement}” đã được nhập.',
    en: 'The statement “{statement}” is imported already.',
    nextVi: 'Không cần làm gì.',
    nextEn: 'Nothing is to be done.',
  },
  BANK_LINE_UNKNOWN: {
    status: 404,
    vi: 'Không có dòng sao kê “{line}” trong năm {year}.',
    en: 'There is no bank line “{line}” in {year}.',
    nextVi: 'Kiểm tra mã và năm; dòng đã tách thì dùng mã của từng phần.',
    nextEn: 'Check the id and the year; of a split line use the ids of its parts.',
  },
  BANK_LINE_MATCHED: {
    status: 409,
    vi: 'Dòng “{line}” đã được khớp.',
    en: 'The line “{line}” is matched already.',
    nextVi: 'Bỏ khớp (unmatch-bank-line) trước.',
    nextEn: 'Undo the match (unmatch-bank-line) first.',
  },
  BANK_ENTRY_MATCHED: {
    status: 409,
    vi: 'Bút toán “{entry}” đã được khớp.',
    en: 'The entry “{entry}” is matched already.',
    nextVi: 'Bỏ khớp (unmatch-bank-line) trước.',
    nextEn: 'Undo the match (unmatch-bank-line) first.',
  },
  BANK_ENTRY_TOO_FAR: {
    status: 422,
    vi: 'Bút toán “{entry}” ngày {date} cách dòng sao kê hơn một năm.',
    en: 'The entry “{entry}” of {date} is more than a year from the line.',
    nextVi: 'Kiểm tra lại ngày của bút toán.',
    nextEn: 'Check the date of the entry.',
  },
  BANK_MATCH_UNEVEN: {
    status: 422,
    vi: 'Hai bên lệch nhau {difference}.',
    en: 'The two sides differ by {difference}.',
    nextVi: 'Chọn thêm hoặc bớt dòng, bút toán, hoặc tách dòng (split-bank-line).',
    nextEn: 'Choose other lines or entries, or split the line (split-bank-line).',
  },
  BANK_SPLIT_UNEVEN: {
    status: 422,
    vi: 'Tổng các phần ({parts}) khác số tiền của dòng ({line}).',
    en: 'The parts sum to {parts}, the line is {line}.',
    nextVi: 'Sửa các phần cho đủ số tiền của dòng.',
    nextEn: 'Let the parts sum to the line.',
  },
  BANK_MATCH_UNKNOWN: {
    status: 404,
    vi: 'Không có lần khớp “{match}”, hoặc đã bỏ khớp.',
    en: 'There is no match “{match}”, or it was undone.',
    nextVi: 'Kiểm tra mã và năm.',
    nextEn: 'Check the id and the year.',
  },
  RECONCILIATION_UNEVEN: {
    status: 422,
    vi: 'Số dư ngân hàng trừ sổ và các khoản liệt kê còn lệch {difference}.',
    en: 'Bank less book and listed items leaves {difference}.',
    nextVi: 'Lấy lại bảng đối chiếu rồi xác nhận đúng số trên đó.',
    nextEn: 'Read the reconciliation statement again and accept its figures.',
  },
};

/** Every “no” of the banking capability. Codes are stable: programs and people rely on them. */
export const refusals: RefusalTable = { ...statementRefusals, ...commandRefusals };
