import { AMOUNT_MAX, type RefusalTable, type RefusalText } from '#kernel';
import { RECORD_LINES_MAX } from './limits.ts';

const row = (vi: string, en: string, nextVi: string, nextEn: string): RefusalText => ({
  status: 400,
  vi,
  en,
  nextVi,
  nextEn,
});

/** What an import refuses before a command is made of the row; commands bring their own refusals. */
export const importRefusals: RefusalTable = {
  FILE_NOT_RECOGNISED: row(
    'Không nhận ra loại tệp “{file}”',
    'The kind of the file “{file}” is not known',
    'Đặt tên tệp theo bảng trong docs/import.md, ví dụ tiep-nhan.csv.',
    'Name the file as in docs/import.md, for example receipts.csv.',
  ),
  HASH_OF_NOTHING: row(
    'Chưa có lệnh “{ref}” nào được ghi để lấy mã băm',
    'No command “{ref}” was recorded whose hash could be named',
    'Đặt lệnh đó trước dòng này, trong cùng tệp hoặc tệp gửi trước cùng lúc; xem vì sao nó bị từ chối.',
    'Put that command before this line, in this file or one sent before it together; see why it was refused.',
  ),
  LINE_INCOMPLETE: row(
    'Dòng thiếu “{member}”',
    'The line has no “{member}”',
    'Mỗi dòng có "ref", "name", "body"; xem docs/guide-cli.md.',
    'A line has "ref", "name", "body"; see docs/guide-cli.md.',
  ),
  LINE_NOT_JSON: row(
    'Dòng không phải là JSON: {cause}',
    'The line is no JSON: {cause}',
    'Mỗi dòng của tệp là một đối tượng JSON.',
    'Every line of the file is one JSON object.',
  ),
  FILE_UNREADABLE: row(
    'Không đọc được tệp: {cause}',
    'The file can not be read: {cause}',
    'Lưu lại tệp từ phần mềm bảng tính rồi nhập lại.',
    'Save the file again from the spreadsheet and import it again.',
  ),
  FILE_NOT_UTF8: row(
    'Tệp không theo mã UTF-8, hoặc đã mất chữ',
    'The file is not UTF-8, or letters of it were lost',
    'Lưu lại với kiểu “CSV UTF-8”.',
    'Save it as “CSV UTF-8”.',
  ),
  FILE_TOO_LARGE: row(
    'Tệp quá lớn: tối đa {limit}',
    'The file is too large: at most {limit}',
    'Chia thành nhiều tệp cùng loại.',
    'Split it into several files of the same kind.',
  ),
  FILE_TRUNCATED: row(
    'Tệp bị cắt',
    'The file is cut off',
    'Lưu lại từ phần mềm bảng tính rồi gửi lại.',
    'Save it again from the spreadsheet and send it again.',
  ),
  FILE_ZIP_BOMB: row(
    'Tệp nén bung ra quá lớn (giới hạn {limit}); có thể là tệp độc',
    'The archive unpacks to more than is allowed ({limit}); it may be made to harm',
    'Không mở tệp; lưu lại số liệu vào một tệp mới.',
    'Do not open it; save the figures in a new file.',
  ),
  FILE_DOCTYPE: row(
    'Tệp có khai báo DOCTYPE',
    'The file declares a document type',
    'Lưu lại từ phần mềm bảng tính.',
    'Save it again from the spreadsheet.',
  ),
  FILE_FORMULA: row(
    'Ô {row} có công thức',
    'The cell {row} holds a formula',
    'Dán giá trị thay cho công thức.',
    'Paste values in place of formulas.',
  ),
  FILE_NOT_A_TABLE: row(
    'Tệp không có bảng nào đọc được',
    'The file has no table that can be read',
    'Lưu lại dưới dạng XLSX hoặc CSV UTF-8.',
    'Save it as XLSX or CSV UTF-8.',
  ),
  CELL_FORMULA: row(
    'Ô bắt đầu bằng dấu “=”: công thức không được nhận',
    'The cell begins with “=”: formulas are not taken',
    'Ghi giá trị thay cho công thức.',
    'Write the value in place of the formula.',
  ),
  COLUMN_MISSING: row(
    'Thiếu cột “{column}”',
    'The column “{column}” is missing',
    'Thêm cột đó; xem tệp mẫu.',
    'Add the column; see the template.',
  ),
  COLUMN_UNKNOWN: row(
    'Không có cột “{column}”',
    'There is no column “{column}”',
    'Sửa tiêu đề theo tệp mẫu hoặc bỏ cột.',
    'Correct the header by the template or remove the column.',
  ),
  COLUMN_REPEATED: row(
    'Cột “{column}” có hai lần',
    'The column “{column}” stands there twice',
    'Giữ lại một cột.',
    'Keep one of them.',
  ),
  ROW_MALFORMED: row(
    `Dòng không đúng dạng CSV: sai số ô, hoặc dấu nháy không đóng trong ${RECORD_LINES_MAX} dòng`,
    `The row is no CSV: a wrong number of cells, or a quote not closed within ${RECORD_LINES_MAX} lines`,
    'Kiểm tra dấu phân cách và dấu nháy của dòng này.',
    'Check the separators and quotes of this row.',
  ),
  CELL_MISSING: row('Ô bắt buộc để trống', 'A required cell is empty', 'Điền ô này.', 'Fill the cell.'),
  CELL_UNEXPECTED: row(
    'Ô này không dùng được cùng các ô khác của dòng',
    'The cell does not go with the others of its row',
    'Xem điều kiện của cột trong docs/import.md.',
    'See the condition of the column in docs/import.md.',
  ),
  REF_REPEATED: row(
    'Số tham chiếu “{ref}” đã dùng cho một dòng khác',
    'The ref “{ref}” is used by another row',
    'Mỗi dòng cần một số tham chiếu riêng.',
    'Every row needs a ref of its own.',
  ),
  TEXT_INVALID: row(
    'Văn bản quá dài hoặc có ký tự không in được',
    'The text is too long or can not be printed',
    'Rút ngắn hoặc xoá ký tự lạ.',
    'Shorten it or remove odd characters.',
  ),
  CHOICE_UNKNOWN: row(
    'Giá trị “{value}” không có trong danh sách',
    'The value “{value}” is not in the list',
    'Chọn một trong: {choices}.',
    'Choose one of: {choices}.',
  ),
  COUNT_INVALID: row(
    '“{value}” không phải là số nguyên dương',
    '“{value}” is not a positive whole number',
    'Ghi số nguyên lớn hơn 0.',
    'Write a whole number above 0.',
  ),
  LIST_UNEVEN: row(
    'Hai danh sách không cùng số phần tử',
    'The two lists do not have the same number of entries',
    'Ghi mỗi mã một tên, cách nhau bằng dấu |.',
    'Write one name for each code, with | between them.',
  ),
  AMOUNT_NOT_A_NUMBER: row(
    'Số tiền không phải là số: {amount}',
    'The amount is not a number: {amount}',
    'Ghi 95076000 hoặc 95.076.000; phần thập phân sau dấu phẩy.',
    'Write 95076000 or 95.076.000; decimals after a comma.',
  ),
  AMOUNT_TOO_LARGE: row(
    `Số tiền vượt quá ${AMOUNT_MAX}`,
    `The amount is above ${AMOUNT_MAX}`,
    'Kiểm tra lại số chữ số.',
    'Check the number of digits.',
  ),
  LEDGER_UNREACHABLE: row(
    'Không liên lạc được với sổ cái: {cause}',
    'The ledger could not be reached: {cause}',
    'Nhập lại sau; dòng đã ghi không bao giờ bị ghi hai lần.',
    'Import again later; what was recorded is never recorded twice.',
  ),
};
