import type { Refusal, RefusalTable, RefusalText } from '#kernel';

/** One thing that is wrong with a body: where (JSON pointer, RFC 6901) and which refusal. */
export interface FieldError {
  readonly code: string;
  readonly pointer: string;
}

/** Why a command was refused; `errors` lists every field when the body's shape is at fault. */
export interface CommandRefusal extends Refusal {
  readonly errors?: readonly FieldError[];
}

const row = (
  status: RefusalText['status'],
  vi: string,
  en: string,
  nextVi: string,
  nextEn: string,
): RefusalText => ({ status, vi, en, nextVi, nextEn });

/** What the boundary and the executor refuse, whatever the command. Capabilities add their own; those of amounts are with the funds. */
export const platformRefusals: RefusalTable = {
  FIELD_MISSING: row(
    400,
    'Thiếu trường bắt buộc',
    'A required field is missing',
    'Bổ sung trường đó.',
    'Add the field.',
  ),
  FIELD_UNKNOWN: row(
    400,
    'Có trường không được biết đến',
    'A field is unknown',
    'Kiểm tra tên trường; xem /docs.',
    'Check the name of the field; see /docs.',
  ),
  FIELD_INVALID: row(
    400,
    'Giá trị của trường không hợp lệ',
    'The value of a field is not valid',
    'Xem kiểu dữ liệu trong /docs.',
    'See the type in /docs.',
  ),
  FIELD_DIFFERS_FROM_PATH: row(
    400,
    'Trường trong nội dung khác với đường dẫn',
    'A field of the body differs from the path',
    'Bỏ trường khỏi nội dung hoặc ghi cho khớp.',
    'Leave the field out of the body, or let it match.',
  ),
  ID_INVALID: row(
    400,
    'Mã không hợp lệ',
    'The id is not valid',
    'Dùng chữ thường a–z, số, dấu chấm và gạch nối đơn; tối đa 63 ký tự.',
    'Use a–z, digits, dots and single hyphens; at most 63 characters.',
  ),
  UUID_INVALID: row(
    400,
    'UUID không hợp lệ',
    'The UUID is not valid',
    'Dùng UUID chữ thường theo RFC 9562.',
    'Use a UUID in lower case (RFC 9562).',
  ),
  DATE_INVALID: row(
    400,
    'Ngày không có thật',
    'The date does not exist',
    'Ghi ngày theo dạng NNNN-TT-NN, ví dụ 2023-12-31.',
    'Write the date as YYYY-MM-DD, for example 2023-12-31.',
  ),
  YEAR_INVALID: row(
    400,
    'Năm không hợp lệ',
    'The year is not valid',
    'Ghi năm bốn chữ số, từ 1975.',
    'Write four digits, from 1975 on.',
  ),
  TEXT_TOO_LONG: row(
    400,
    'Văn bản quá dài',
    'The text is too long',
    'Rút ngắn văn bản.',
    'Shorten the text.',
  ),
  TEXT_INVALID: row(
    400,
    'Văn bản có ký tự điều khiển',
    'The text has control characters',
    'Xoá các ký tự không in được.',
    'Remove what can not be printed.',
  ),
  TEXT_BLANK: row(
    400,
    'Văn bản để trống',
    'The text is blank',
    'Bỏ trường đó hoặc ghi nội dung.',
    'Leave the field out or write something.',
  ),
  PLACE_CODE_INVALID: row(
    400,
    'Mã đơn vị hành chính không hợp lệ',
    'The place code is not valid',
    'Dùng mã 2 đến 5 chữ số của Tổng cục Thống kê.',
    'Use the code of 2 to 5 digits of the General Statistics Office.',
  ),
  AMOUNT_NOT_A_STRING: row(
    400,
    'Số tiền phải là chuỗi',
    'An amount must be a string',
    'Ghi "95076000" trong dấu ngoặc kép.',
    'Write "95076000" in quotes.',
  ),
  FILE_EMPTY: row(
    400,
    'Tệp trống',
    'The file is empty',
    'Gửi nội dung tệp: PDF, JPEG, PNG hoặc application/octet-stream.',
    'Send the bytes of the file: PDF, JPEG, PNG or application/octet-stream.',
  ),
  FILE_UNKNOWN: row(
    404,
    'Không có tệp này trong kho riêng',
    'The vault has no such file',
    'Kiểm tra mã băm của tệp.',
    'Check the hash of the file.',
  ),
  TEXT_UNKNOWN: row(
    404,
    'Không có văn bản này trong kho riêng, hoặc đã được xoá',
    'The vault has no such text, or no longer',
    'Kiểm tra mã cam kết trong sự kiện.',
    'Check the commitment in the event.',
  ),
  BODY_NOT_JSON: row(
    400,
    'Nội dung không phải là JSON',
    'The body is not JSON',
    'Kiểm tra dấu ngoặc và dấu phẩy.',
    'Check brackets and commas.',
  ),
  BODY_TOO_LARGE: row(
    413,
    'Nội dung quá lớn',
    'The body is too large',
    'Chia nhỏ yêu cầu hoặc dùng /v1/receipts/bulk.',
    'Split the request or use /v1/receipts/bulk.',
  ),
  EVENT_TOO_LARGE: row(
    413,
    'Sự kiện quá lớn',
    'The event is too large',
    'Chia nhỏ lệnh, ví dụ ít dòng hơn.',
    'Split the command, for example into fewer lines.',
  ),
  CONTENT_TYPE_UNSUPPORTED: row(
    415,
    'Kiểu nội dung không được hỗ trợ',
    'The content type is not supported',
    'Gửi application/json, hoặc application/x-ndjson cho nhập hàng loạt.',
    'Send application/json, or application/x-ndjson for bulk.',
  ),
  ROUTE_UNKNOWN: row(
    404,
    'Không có đường dẫn này',
    'There is nothing at this path',
    'Xem danh sách tại /docs.',
    'See the list at /docs.',
  ),
  RECORD_UNKNOWN: row(404, 'Không tìm thấy', 'Not found', 'Kiểm tra mã số.', 'Check the id.'),
  COMMAND_UNKNOWN: row(
    404,
    'Không có lệnh này: {name}',
    'There is no such command: {name}',
    'Xem danh sách lệnh.',
    'See the list of commands.',
  ),
  ACTOR_MISSING: row(
    400,
    'Thiếu người thực hiện',
    'The acting person is missing',
    'Gửi tiêu đề Lalanh-Actor.',
    'Send the header Lalanh-Actor.',
  ),
  ACTOR_INVALID: row(
    400,
    'Mã người thực hiện không hợp lệ',
    'The id of the acting person is not valid',
    'Dùng mã ẩn danh chữ thường, không dùng họ tên.',
    'Use an opaque id in lower case, not a name.',
  ),
  KEY_MISSING: row(
    400,
    'Thiếu khoá lệnh',
    'The idempotency key is missing',
    'Gửi tiêu đề Idempotency-Key là một UUID mới.',
    'Send the header Idempotency-Key with a new UUID.',
  ),
  KEY_INVALID: row(
    400,
    'Khoá lệnh không phải là UUID',
    'The idempotency key is not a UUID',
    'Dùng UUID chữ thường theo RFC 9562.',
    'Use a UUID in lower case (RFC 9562).',
  ),
  KNOWN_AT_INVALID: row(
    400,
    'knownAt không phải là vị trí hoặc thời điểm UTC',
    'knownAt is neither a position nor a UTC moment',
    'Ghi số vị trí, hoặc thời điểm như 2026-01-31T17:00:00Z.',
    'Write a position, or a moment such as 2026-01-31T17:00:00Z.',
  ),
  AT_LEAST_INVALID: row(
    400,
    'atLeast không hợp lệ',
    'atLeast is not valid',
    'Ghi số vị trí, hoặc "at" của câu trả lời lệnh.',
    'Write a position, or the "at" of an answered command.',
  ),
  NUMBER_INVALID: row(
    400,
    'Số không hợp lệ',
    'The number is not valid',
    'Ghi số nguyên không âm trong giới hạn.',
    'Write a whole number that is not negative, within the limit.',
  ),
  COMMODITY_INVALID: row(
    400,
    'Mã tiền tệ hoặc hiện vật không hợp lệ',
    'The code of a currency or good is not valid',
    'Dùng mã ISO 4217 như VND, hoặc mã chữ thường của hiện vật.',
    'Use an ISO 4217 code such as VND, or the lower-case code of a good.',
  ),
  HASH_INVALID: row(
    400,
    'Mã băm không hợp lệ',
    'The hash is not valid',
    'Dùng 64 chữ số thập lục phân như câu trả lời của đề nghị chi.',
    'Use the 64 hex digits that the proposal was answered with.',
  ),
  IDEMPOTENCY_MISMATCH: row(
    422,
    'Khoá lệnh đã dùng cho nội dung khác',
    'The key was used with another body',
    'Dùng khoá mới cho lệnh mới.',
    'Use a new key for a new command.',
  ),
  LEDGER_BUSY: row(
    503,
    'Sổ cái đang quá tải',
    'The ledger is busy',
    'Gửi lại cùng khoá sau ít giây.',
    'Send the same key again in a few seconds.',
  ),
  LEDGER_UNAVAILABLE: row(
    503,
    'Chưa ghi được vào sổ cái',
    'The ledger could not write',
    'Gửi lại cùng khoá; không bao giờ bị ghi hai lần.',
    'Send the same key again; it is never recorded twice.',
  ),
  READ_BEHIND: row(
    503,
    'Số liệu chưa cập nhật đến vị trí yêu cầu',
    'The figures have not reached that position yet',
    'Thử lại sau ít giây.',
    'Try again in a few seconds.',
  ),
  INTERNAL: row(
    500,
    'Lỗi của chương trình; lệnh chưa được trả lời',
    'A fault of the program; the command was not answered',
    'Gửi lại cùng khoá; nếu vẫn lỗi, báo cho người vận hành.',
    'Send the same key again; if it stays, tell the operator.',
  ),
};

/** Fills `{name}` in a text of a refusal table from the refusal's details; an unknown name stays visible. */
export const fillIn = (text: string, details: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => details[name] ?? all);

/** One table out of several; the later wins where two say the same code. */
export const mergeRefusals = (...tables: readonly RefusalTable[]): RefusalTable =>
  Object.assign({}, ...tables);
