import { describe, expect, test } from 'vitest';
import { handlers as funds, refusals as fundRefusals } from '#funds';
import type { Fact } from '#kernel';
import { CONTEXT, decide, factsOf, leftOpen, recorded } from '../../tests/support/given.ts';
import { bankKind } from './domain/bank.ts';
import { handlers, refusals } from './index.ts';
import { platformRefusals } from '#platform';
import { refusals as programmeRefusals } from '#programmes';

const {
  registerBankAccount,
  saveBankLayout,
  recordBankLines,
  importBankStatement,
  matchBankLines,
  splitBankLine,
  unmatchBankLine,
  acceptReconciliation,
} = handlers;

const L1 = '1'.repeat(32);
const L2 = '2'.repeat(32);
const E1 = '0190a0b0-0000-7000-8000-0000000000e1';
const E2 = '0190a0b0-0000-7000-8000-0000000000e2';
const MATCH = `${CONTEXT.commandId}.1`;

const book = {
  fund: 'qbt-06',
  year: 2026,
  name: 'Quỹ',
  level: 'province',
  accounts: [{ account: 'nh-1', kind: 'bank' }],
  effectiveOn: '2026-01-01',
};
const account = {
  account: 'vcb-1',
  bin: '970436',
  number: '0071000123456',
  startsOn: '2026-01-01',
  books: [{ fund: 'qbt-06', account: 'nh-1' }],
  effectiveOn: '2026-01-01',
};
const line = (id: string, amount: string, change: object = {}): object => ({
  line: id,
  bookedOn: '2026-03-01',
  valueOn: null,
  amount,
  direction: 'in',
  balance: null,
  narrative: null,
  counterparty: null,
  bankRef: null,
  ...change,
});
const lines = (...some: object[]): object => ({ account: 'vcb-1', year: 2026, lines: some });
const entry = (id: string, amount: string, change: object = {}): object => ({
  entry: id,
  fund: 'qbt-06',
  amount,
  direction: 'in',
  day: '2026-03-01',
  ...change,
});
const match = (of: string[], entries: object[], rule: string | null = null): object => ({
  account: 'vcb-1',
  year: 2026,
  matches: [{ lines: of, entries, rule }],
});
const statement = (change: object = {}): object => ({
  account: 'vcb-1',
  statement: 'a'.repeat(32),
  file: 'b'.repeat(64),
  format: 'csv',
  layout: 'vietcombank-2',
  from: '2026-03-01',
  to: '2026-03-31',
  opening: '0',
  closing: '7',
  lines: 2,
  totalIn: '7',
  totalOut: '0',
  exceptions: [],
  ...change,
});

const opened = factsOf([[funds.openBook, book]]);
const registered = factsOf([[registerBankAccount, account]], opened);
const withLines = factsOf([[recordBankLines, lines(line(L1, '5'), line(L2, '2'))]], registered);
const matched = factsOf([[matchBankLines, match([L1], [entry(E1, '5')])]], withLines);

/** The code a command is refused with; its texts are whole. */
function refusedWith(handler: Parameters<typeof decide>[0], body: unknown, facts: readonly Fact[]): string {
  const result = decide(handler, body, facts);
  if (result.ok) return 'accepted';
  expect(
    leftOpen(result.error, { ...platformRefusals, ...fundRefusals, ...programmeRefusals, ...refusals }),
  ).toStrictEqual([]);
  return result.error.code;
}

describe('an account', () => {
  test('is registered with its bank, its first day and the accounts of the books in it', () => {
    expect(registered.at(-1)).toStrictEqual({
      stream: 'bankaccount-vcb-1',
      type: 'bankaccount.registered.v1',
      effectiveOn: '2026-01-01',
      data: {
        account: 'vcb-1',
        bin: '970436',
        number: '0071000123456',
        commodity: 'VND',
        startsOn: '2026-01-01',
        books: [{ fund: 'qbt-06', account: 'nh-1' }],
      },
    });
    expect(registerBankAccount.personal).toStrictEqual(['number']);
  });

  test.each([
    ['twice', account, registered, 'BANK_ACCOUNT_EXISTS'],
    ['of a book that is not open', { ...account, effectiveOn: '2025-01-01' }, opened, 'BOOK_UNKNOWN'],
    [
      'of no account of the book',
      { ...account, books: [{ fund: 'qbt-06', account: 'x' }] },
      opened,
      'ACCOUNT_UNKNOWN',
    ],
    ['in a good', { ...account, commodity: 'xe-dap' }, opened, 'CURRENCY_UNKNOWN'],
    ['in days to come', { ...account, effectiveOn: '2026-12-31' }, opened, 'DATE_IN_FUTURE'],
  ])('registered %s is refused', (_, body, facts, code) => {
    expect(refusedWith(registerBankAccount, body, facts)).toBe(code);
  });

  test('keeps the words of its bank’s headers, folded', () => {
    const layout = {
      name: 'mau',
      columns: { bookedOn: ['Ngày'], narrative: ['Nội dung'], amount: ['Số tiền'] },
    };
    const body = { account: 'vcb-1', layout, effectiveOn: '2026-03-01' };
    const result = decide(saveBankLayout, body, registered);
    expect(result.ok && result.value[0]?.data).toStrictEqual({
      account: 'vcb-1',
      layout: {
        name: 'mau',
        bin: null,
        columns: { bookedOn: ['ngay'], amount: ['so tien'], narrative: ['noi dung'] },
      },
    });
    expect(refusedWith(saveBankLayout, body, opened)).toBe('BANK_ACCOUNT_UNKNOWN');
    const poor = { ...body, layout: { name: 'mau', columns: { bookedOn: ['Ngày'] } } };
    expect(refusedWith(saveBankLayout, poor, registered)).toBe('LAYOUT_INCOMPLETE');
  });
});

describe('lines', () => {
  test('that are there already, or twice in one command, are left out', () => {
    const result = decide(
      recordBankLines,
      lines(line(L1, '5'), line('3'.repeat(32), '1'), line('3'.repeat(32), '1')),
      withLines,
    );
    expect(
      result.ok && result.value.map(({ stream, type, effectiveOn }) => [stream, type, effectiveOn]),
    ).toStrictEqual([['bank-vcb-1-2026', 'bank.line-recorded.v1', '2026-03-01']]);
  });

  test.each([
    ['all known', lines(line(L1, '5')), withLines, 'BANK_LINES_KNOWN'],
    ['of an unknown account', lines(line(L1, '5')), opened, 'BANK_ACCOUNT_UNKNOWN'],
    [
      'of another year',
      lines(line(L1, '5', { bookedOn: '2025-12-31' })),
      registered,
      'BANK_LINE_OUTSIDE_YEAR',
    ],
    ['of days to come', lines(line(L1, '5', { bookedOn: '2026-12-31' })), registered, 'DATE_IN_FUTURE'],
    ['of nothing', lines(line(L1, '0')), registered, 'AMOUNT_ZERO'],
    [
      'before the first day',
      { ...lines(line(L1, '5', { bookedOn: '2026-01-01' })) },
      factsOf([[registerBankAccount, { ...account, startsOn: '2026-02-01' }]], opened),
      'BANK_LINE_BEFORE_START',
    ],
  ])('%s are refused', (_, body, facts, code) => {
    expect(refusedWith(recordBankLines, body, facts)).toBe(code);
  });

  test('come with a statement that is recorded once', () => {
    const once = factsOf([[importBankStatement, statement()]], withLines);
    expect(once.at(-1)).toMatchObject({
      stream: 'bank-vcb-1-2026',
      type: 'bank.statement-imported.v1',
      effectiveOn: '2026-03-31',
    });
    expect(refusedWith(importBankStatement, statement(), once)).toBe('BANK_STATEMENT_KNOWN');
    expect(refusedWith(importBankStatement, statement({ to: '2026-12-31' }), withLines)).toBe(
      'DATE_IN_FUTURE',
    );
    expect(refusedWith(importBankStatement, statement(), opened)).toBe('BANK_ACCOUNT_UNKNOWN');
  });
});

describe('a match', () => {
  test('says who is what, by whom or which rule', () => {
    const result = decide(matchBankLines, match([L1, L2], [entry(E1, '7')], 'reference-sum'), withLines);
    expect(result.ok && result.value).toStrictEqual([
      {
        stream: 'bank-vcb-1-2026',
        type: 'bank.line-matched.v1',
        effectiveOn: '2026-03-01',
        data: {
          account: 'vcb-1',
          match: MATCH,
          lines: [
            { line: L1, amount: '5', direction: 'in' },
            { line: L2, amount: '2', direction: 'in' },
          ],
          entries: [{ entry: E1, fund: 'qbt-06', amount: '7', direction: 'in', day: '2026-03-01' }],
          rule: 'reference-sum',
        },
      },
    ]);
  });

  test.each([
    ['of an unknown line', match(['4'.repeat(32)], [entry(E1, '5')]), 'BANK_LINE_UNKNOWN'],
    ['of a matched line', match([L1], [entry(E2, '5')]), 'BANK_LINE_MATCHED'],
    ['of a matched entry', match([L2], [entry(E1, '2')]), 'BANK_ENTRY_MATCHED'],
    ['that is not even', match([L2], [entry(E2, '3')]), 'BANK_MATCH_UNEVEN'],
    ['of money in with money out', match([L2], [entry(E2, '2', { direction: 'out' })]), 'BANK_MATCH_UNEVEN'],
    ['over years', match([L2], [entry(E2, '2', { day: '2024-03-01' })]), 'BANK_ENTRY_TOO_FAR'],
  ])('%s is refused', (_, body, code) => {
    expect(refusedWith(matchBankLines, body, matched)).toBe(code);
  });

  test('of one line or entry twice in a command is refused as a whole', () => {
    const body = { account: 'vcb-1', year: 2026, matches: [{ lines: [L1, L1], entries: [entry(E1, '10')] }] };
    expect(refusedWith(matchBankLines, body, withLines)).toBe('BANK_LINE_MATCHED');
  });

  test('of an entry that another year’s line has is refused', () => {
    const old = line(L1, '5', { bookedOn: '2025-12-31' });
    const early = factsOf([[registerBankAccount, { ...account, startsOn: '2025-12-01' }]], opened);
    const before = factsOf(
      [
        [recordBankLines, { ...lines(old), year: 2025 }],
        [matchBankLines, { ...match([L1], [entry(E1, '5')]), year: 2025 }],
        [recordBankLines, lines(line(L2, '5'))],
      ],
      early,
    );
    expect(refusedWith(matchBankLines, match([L2], [entry(E1, '5')]), before)).toBe('BANK_ENTRY_MATCHED');
  });

  test('is undone with a reason, and both sides are open again', () => {
    const undo = { account: 'vcb-1', year: 2026, match: MATCH, reason: 'nham' };
    const undone = factsOf([[unmatchBankLine, undo]], matched);
    expect(undone.at(-1)?.data).toStrictEqual({
      account: 'vcb-1',
      match: MATCH,
      lines: [L1],
      entries: [E1],
      reason: 'nham',
    });
    expect(refusedWith(unmatchBankLine, undo, undone)).toBe('BANK_MATCH_UNKNOWN');
    expect(decide(matchBankLines, match([L1], [entry(E1, '5')]), undone).ok).toBe(true);
    expect(unmatchBankLine.personal).toStrictEqual(['reason']);
  });
});

describe('a split', () => {
  const split = (parts: string[], id = L1): object => ({ account: 'vcb-1', year: 2026, line: id, parts });

  test('gives parts that are matched apart, and can be made anew while they are open', () => {
    const halves = factsOf(
      [
        [splitBankLine, split(['4', '1'])],
        [splitBankLine, split(['2', '3'])],
      ],
      withLines,
    );
    const state = recorded(halves)
      .filter(({ stream }) => stream === 'bank-vcb-1-2026')
      .reduce(bankKind.evolve, bankKind.initial('bank-vcb-1-2026'));
    expect([...state.units].map(([id, { amount }]) => [id, amount])).toStrictEqual([
      [L2, 2n],
      [`${L1}.1`, 2n],
      [`${L1}.2`, 3n],
    ]);
    expect(decide(matchBankLines, match([`${L1}.2`], [entry(E1, '3')]), halves).ok).toBe(true);
    expect(refusedWith(matchBankLines, match([L1], [entry(E1, '5')]), halves)).toBe('BANK_LINE_UNKNOWN');
    const half = factsOf([[matchBankLines, match([`${L1}.2`], [entry(E1, '3')])]], halves);
    expect(refusedWith(splitBankLine, split(['4', '1']), half)).toBe('BANK_LINE_MATCHED');
  });

  test('that does not come to the line, or of no line, is refused', () => {
    expect(refusedWith(splitBankLine, split(['4', '2']), withLines)).toBe('BANK_SPLIT_UNEVEN');
    expect(refusedWith(splitBankLine, split(['4', '0']), withLines)).toBe('AMOUNT_ZERO');
    expect(refusedWith(splitBankLine, split(['4', '1'], '9'.repeat(32)), withLines)).toBe(
      'BANK_LINE_UNKNOWN',
    );
  });
});

describe('a reconciliation', () => {
  const accept = {
    account: 'vcb-1',
    on: '2026-03-31',
    bank: '7',
    book: '5',
    items: '2',
    listed: 1,
    knownAt: 9,
  };

  test('is accepted as it stood', () => {
    const result = decide(acceptReconciliation, accept, registered);
    expect(result.ok && result.value).toStrictEqual([
      {
        stream: 'bank-vcb-1-2026',
        type: 'bank.reconciled.v1',
        effectiveOn: '2026-03-31',
        data: { account: 'vcb-1', bank: '7', book: '5', items: '2', listed: 1, knownAt: 9 },
      },
      {
        stream: 'book-qbt-06-2026',
        type: 'book.account-reconciled.v1',
        effectiveOn: '2026-03-31',
        data: { account: 'nh-1', through: '2026-03-31', bank: 'vcb-1' },
      },
    ]);
  });

  test('is noted by the open book, so that its month can be locked; a closed one stays as it is', () => {
    const lock = [funds.lockPeriod, { fund: 'qbt-06', year: 2026, month: 3 }] as const;
    expect(refusedWith(...lock, registered)).toBe('PERIOD_NOT_CLEAR');
    const accepted = factsOf([[acceptReconciliation, accept]], registered);
    expect(decide(...lock, accepted).ok).toBe(true);
    const close = { fund: 'qbt-06', year: 2026, effectiveOn: '2026-04-01', reason: 'sap-nhap' };
    const closed = factsOf([[funds.closeBook, close]], registered);
    const noted = decide(acceptReconciliation, accept, closed);
    expect(noted.ok && noted.value.map(({ type }) => type)).toStrictEqual(['bank.reconciled.v1']);
  });

  test('that does not add up, of days to come or of no account is refused', () => {
    expect(refusedWith(acceptReconciliation, { ...accept, items: '1' }, registered)).toBe(
      'RECONCILIATION_UNEVEN',
    );
    expect(refusedWith(acceptReconciliation, { ...accept, on: '2026-12-31' }, registered)).toBe(
      'DATE_IN_FUTURE',
    );
    expect(refusedWith(acceptReconciliation, accept, opened)).toBe('BANK_ACCOUNT_UNKNOWN');
  });
});

test('a bank stream takes no event of another kind', () => {
  const [first] = recorded(opened);
  expect(() => first && bankKind.evolve(bankKind.initial('bank-x-2026'), first)).toThrow(
    'a bank account has no event',
  );
});
