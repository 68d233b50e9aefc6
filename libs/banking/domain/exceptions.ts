/** What is said of something in a statement that does not add up or is unusual, by its code. */
export interface ExceptionText {
  readonly vi: string;
  readonly en: string;
}

/** The texts of {@link StatementException}s; `{name}` is filled from their details. */
export const exceptionTexts: Readonly<Record<string, ExceptionText>> = {
  BALANCE_BREAK: {
    vi: 'Hàng {row}: số dư ghi {stated}, tính ra {expected}.',
    en: 'Row {row}: the balance says {stated}, the lines give {expected}.',
  },
  CLOSING_DIFFERS: {
    vi: 'Số dư cuối ghi {stated}, tính ra {expected}.',
    en: 'The closing balance says {stated}, the lines give {expected}.',
  },
  TOTALS_DIFFER: {
    vi: 'Hàng tổng ghi {stated}; các dòng cho ra chi {out}, thu {in}.',
    en: 'The total row says {stated}; the lines give {out} out and {in} in.',
  },
  BATCH_DIFFERS: {
    vi: 'Lô {row}: ghi {stated}, chi tiết cộng {sum}; giữ là một dòng.',
    en: 'Batch {row}: stated {stated}, its details sum to {sum}; kept as one line.',
  },
  ENTRY_NOT_BOOKED: {
    vi: 'Mục {row} chưa hạch toán ({status}); không tính.',
    en: 'Entry {row} is not booked ({status}); it does not count.',
  },
  LINE_OF_NOTHING: { vi: 'Hàng {row} không có số tiền.', en: 'Row {row} moves nothing.' },
  LINE_OUTSIDE_PERIOD: {
    vi: 'Hàng {row} ngày {date} ngoài kỳ sao kê.',
    en: 'Row {row} of {date} is outside the period stated.',
  },
  DATE_IMPOSSIBLE: {
    vi: 'Dòng {row}: ngày {date} không có; lấy ngày cuối tháng.',
    en: 'Line {row}: there is no {date}; the last day of the month is taken.',
  },
  ACCOUNT_NOT_STATED: { vi: 'Tệp không ghi số tài khoản.', en: 'The file states no account number.' },
  MORE_EXCEPTIONS: { vi: 'Và {count} điểm khác.', en: 'And {count} more.' },
};
