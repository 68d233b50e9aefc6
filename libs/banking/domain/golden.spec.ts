import { readFileSync, readdirSync } from 'node:fs';
import { handlers } from '#banking';
import { handlers as funds } from '#funds';
import { expect, test } from 'vitest';
import { CONTEXT, factsOf } from '../../../tests/support/given.ts';
import type { BankAccountEvents, BankEvents } from './events.ts';

/**
 * The stored form of every event of a bank account and its lines. Stored bytes are never rewritten, so a file here
 * changes only together with a new version of the event's type and an upcaster.
 */
const folder = new URL('golden/', import.meta.url);

const [L1, L2] = ['1'.repeat(32), '2'.repeat(32)];
const ON = { account: 'vcb-1', year: 2026 };
const line = (id: string, amount: string): object => ({
  line: id,
  bookedOn: '2026-03-01',
  valueOn: '2026-03-02',
  amount,
  direction: 'in',
  balance: '900',
  narrative: 'ab'.repeat(32),
  counterparty: 'cd'.repeat(32),
  bankRef: 'FT26060',
});

const facts = factsOf([
  [
    funds.openBook,
    {
      fund: 'qbt-06',
      year: 2026,
      name: 'Quỹ',
      level: 'province',
      accounts: [{ account: 'nh-1', kind: 'bank' }],
      effectiveOn: '2026-01-01',
    },
  ],
  [
    handlers.registerBankAccount,
    {
      account: 'vcb-1',
      bin: '970436',
      number: '0071000123456',
      startsOn: '2026-01-01',
      books: [{ fund: 'qbt-06', account: 'nh-1' }],
      effectiveOn: '2026-01-01',
    },
  ],
  [
    handlers.saveBankLayout,
    {
      account: 'vcb-1',
      layout: {
        name: 'cua-quy',
        columns: { bookedOn: ['Ngày'], amount: ['Số tiền'], narrative: ['Nội dung'] },
        dayOrder: 'day-first',
        decimalSign: ',',
      },
      effectiveOn: '2026-01-02',
    },
  ],
  [handlers.recordBankLines, { ...ON, lines: [line(L1, '700'), line(L2, '200')] }],
  [
    handlers.importBankStatement,
    {
      account: 'vcb-1',
      statement: 'a'.repeat(32),
      file: 'b'.repeat(64),
      format: 'csv',
      layout: 'vietcombank-2',
      from: '2026-03-01',
      to: '2026-03-31',
      opening: '0',
      closing: '900',
      lines: 2,
      totalIn: '900',
      totalOut: '0',
      exceptions: [{ code: 'CLOSING_DIFFERS', details: { expected: '900', stated: '901' } }],
    },
  ],
  [handlers.splitBankLine, { ...ON, line: L2, parts: ['150', '50'] }],
  [handlers.holdBankLine, { ...ON, line: L1, fund: 'qbt-06', effectiveOn: '2026-03-01' }],
  [handlers.unmatchBankLine, { ...ON, match: `${CONTEXT.commandId}.1`, reason: 'ef'.repeat(32) }],
  [
    handlers.acceptReconciliation,
    {
      account: 'vcb-1',
      on: '2026-03-31',
      bank: '900',
      book: '700',
      items: '200',
      listed: 2,
      knownAt: 12,
    },
  ],
]);

const types: Record<keyof (BankAccountEvents & BankEvents), true> = {
  'bankaccount.registered.v1': true,
  'bankaccount.layout-saved.v1': true,
  'bank.line-recorded.v1': true,
  'bank.statement-imported.v1': true,
  'bank.line-matched.v1': true,
  'bank.line-split.v1': true,
  'bank.line-unmatched.v1': true,
  'bank.reconciled.v1': true,
};

test.each(Object.keys(types))('%s is stored as it always was, key by key', (type) => {
  const stored = facts.find((fact) => fact.type === type)?.data;
  const golden: unknown = JSON.parse(readFileSync(new URL(`${type}.json`, folder), 'utf8'));
  expect(JSON.stringify(stored, null, 2)).toBe(JSON.stringify(golden, null, 2));
});

test('there is a golden file for each type and no other', () => {
  expect(readdirSync(folder).toSorted()).toStrictEqual(
    Object.keys(types)
      .map((type) => `${type}.json`)
      .toSorted(),
  );
});
