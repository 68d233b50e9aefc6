import { fold, hasWords } from '../words.ts';

/** What a column can say. `amount` alone carries its sign, or `sign` does. */
export const COLUMN_FIELDS = [
  'bookedOn',
  'valueOn',
  'debit',
  'credit',
  'amount',
  'sign',
  'balance',
  'narrative',
  'bankRef',
  'counterparty',
  'counterAccount',
  'ownAccount',
  'ignored',
] as const;
export type ColumnField = (typeof COLUMN_FIELDS)[number];

/** A way a bank writes its sheets: which words head which column. */
export interface Layout {
  readonly name: string;
  /** BIN of the bank it belongs to; null: of any. */
  readonly bin: string | null;
  readonly columns: Partial<Readonly<Record<ColumnField, readonly string[]>>>;
  /** Said by whoever saved it, where the file itself does not tell. */
  readonly dayOrder?: 'day-first' | 'month-first' | undefined;
  readonly decimalSign?: '.' | ',' | undefined;
}

/** A bank by its BIN (Napas list) and the words that name it in the head of a statement. */
export const BANKS: readonly {
  readonly bin: string;
  readonly name: string;
  readonly words: readonly string[];
}[] = [
  {
    bin: '970436',
    name: 'Vietcombank',
    words: ['vietcombank', 'ngan hang tmcp ngoai thuong viet nam', 'ngan hang ngoai thuong'],
  },
  {
    bin: '970418',
    name: 'BIDV',
    words: ['bidv', 'ngan hang tmcp dau tu va phat trien viet nam', 'dau tu va phat trien'],
  },
  {
    bin: '970415',
    name: 'VietinBank',
    words: ['vietinbank', 'ngan hang tmcp cong thuong viet nam', 'ngan hang cong thuong'],
  },
  {
    bin: '970422',
    name: 'MB',
    words: ['mb bank', 'mbbank', 'ngan hang tmcp quan doi', 'ngan hang quan doi'],
  },
  { bin: '970405', name: 'Agribank', words: ['agribank', 'ngan hang nong nghiep'] },
];

/** The banks that some text names. */
export const banksIn = (text: string): string[] => {
  const folded = fold(text);
  return BANKS.filter(({ words }) => words.some((word) => hasWords(folded, word))).map(({ bin }) => bin);
};

export const bankName = (bin: string): string => BANKS.find((bank) => bank.bin === bin)?.name ?? bin;

/** The layouts that are known from published statements and public readers, by their headers in folded words. */
export const KNOWN_LAYOUTS: readonly Layout[] = [
  {
    name: 'vietcombank-1',
    bin: '970436',
    columns: {
      bookedOn: ['ngay giao dich'],
      bankRef: ['so tham chieu'],
      amount: ['so tien'],
      narrative: ['mo ta'],
    },
  },
  {
    name: 'vietcombank-2',
    bin: '970436',
    columns: {
      bookedOn: ['tnx date doc no', 'tnx date', 'ngay gd so ct'],
      debit: ['debit', 'so tien ghi no', 'ghi no'],
      credit: ['credit', 'so tien ghi co', 'ghi co'],
      balance: ['balance', 'so du'],
      narrative: ['transactions in detail', 'noi dung chi tiet'],
    },
  },
  {
    name: 'bidv-1',
    bin: '970418',
    columns: {
      bookedOn: ['ngay hieu luc'],
      debit: ['ghi no'],
      credit: ['ghi co'],
      balance: ['so du'],
      narrative: ['mo ta'],
    },
  },
  {
    name: 'bidv-2',
    bin: '970418',
    columns: {
      bookedOn: ['ngay gd'],
      bankRef: ['so tham chieu'],
      debit: ['ps no'],
      credit: ['ps co'],
      balance: ['so du'],
      narrative: ['mo ta'],
    },
  },
  {
    name: 'vietinbank-efast',
    bin: '970415',
    columns: {
      bookedOn: ['ngay hach toan', 'ngay phat sinh'],
      debit: ['no', 'debit'],
      credit: ['co', 'credit'],
      balance: ['so du tk', 'so du tai khoan'],
      narrative: ['mo ta giao dich'],
      bankRef: ['so giao dich'],
    },
  },
  {
    name: 'mb-1',
    bin: '970422',
    columns: {
      bookedOn: ['ngay hach toan', 'posting date'],
      valueOn: ['ngay giao dich', 'transaction date'],
      debit: ['ps no', 'phat sinh no'],
      credit: ['ps co', 'phat sinh co'],
      balance: ['so du'],
      narrative: ['noi dung', 'dien giai'],
    },
  },
  {
    name: 'agribank-1',
    bin: '970405',
    columns: {
      bookedOn: ['date'],
      bankRef: ['docno', 'refno', 'doc no', 'ref no'],
      narrative: ['details'],
      debit: ['debit'],
      credit: ['credit'],
      balance: ['balance'],
      counterAccount: ['offset account'],
    },
  },
];

/** Words of any bank's header, for a sheet that no layout above fits. A longer phrase beats a shorter one. */
export const ANY_BANK: Layout = {
  name: 'detected',
  bin: null,
  columns: {
    bookedOn: [
      'ngay hach toan',
      'ngay phat sinh',
      'ngay giao dich',
      'ngay gd',
      'ngay hieu luc',
      'ngay ghi so',
      'posting date',
      'booking date',
      'transaction date',
      'tnx date',
      'date',
      'ngay',
    ],
    valueOn: ['ngay gia tri', 'value date'],
    debit: [
      'ghi no',
      'ps no',
      'phat sinh no',
      'so tien ghi no',
      'no',
      'debit',
      'debit amount',
      'withdrawal',
      'chi',
    ],
    credit: [
      'ghi co',
      'ps co',
      'phat sinh co',
      'so tien ghi co',
      'co',
      'credit',
      'credit amount',
      'deposit',
      'thu',
    ],
    amount: ['so tien', 'amount'],
    sign: ['no co', 'debit credit', 'd c', 'loai giao dich', 'credit debit indicator'],
    balance: ['so du', 'so du tk', 'so du tai khoan', 'balance', 'running balance', 'so du cuoi'],
    narrative: [
      'mo ta',
      'mo ta giao dich',
      'noi dung',
      'noi dung giao dich',
      'noi dung chi tiet',
      'dien giai',
      'transactions in detail',
      'details',
      'description',
      'remark',
      'narrative',
    ],
    bankRef: [
      'so tham chieu',
      'so giao dich',
      'so chung tu',
      'so ct',
      'ma giao dich',
      'so but toan',
      'docno',
      'doc no',
      'refno',
      'ref no',
      'reference',
      'transaction number',
    ],
    counterparty: [
      'ten doi tac',
      'don vi thu huong',
      'ten tai khoan doi ung',
      'counterparty',
      'beneficiary name',
    ],
    counterAccount: ['tai khoan doi ung', 'so tai khoan doi ung', 'offset account', 'counter account'],
    ownAccount: ['so tai khoan', 'tai khoan', 'account number', 'account no', 'account'],
    ignored: [
      'stt',
      'no so',
      'gio',
      'time',
      'ma loai gd',
      'chi nhanh',
      'branch',
      'loai tien',
      'currency',
      'phi',
    ],
  },
};

/** A layout that a person saved is asked first, then those of the bank, then any other, then any words. */
export const layoutsFor = (saved: readonly Layout[], bin: string | null): readonly Layout[] => [
  ...saved,
  ...KNOWN_LAYOUTS.filter((layout) => layout.bin === bin),
  ...KNOWN_LAYOUTS.filter((layout) => layout.bin !== bin),
  ANY_BANK,
];

/** BIN of the bank that a known layout belongs to; null: of any, or one that a person saved. */
export const binOfLayout = (name: string): string | null =>
  KNOWN_LAYOUTS.find((layout) => layout.name === name)?.bin ?? null;
