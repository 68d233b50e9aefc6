import { handlers as programmes } from '#programmes';
import { describe, expect, test } from 'vitest';
import { CONTEXT, decide, factsOf } from '../../../tests/support/given.ts';
import { handlers } from '../index.ts';

/** Counts, advances and supplier debts as a client sends them: what the boundary accepts. */

const ON = { fund: 'qbt-06', effectiveOn: '2026-03-01' };
const opening = {
  fund: 'qbt-06',
  year: 2026,
  name: 'Quỹ',
  level: 'province',
  effectiveOn: '2026-01-01',
  accounts: [
    { account: 'vcb', kind: 'bank' },
    { account: 'tien-mat', kind: 'cash' },
  ],
};
const money = { ...ON, account: 'tien-mat', commodity: 'VND', amount: '900', source: 'voluntary' };
const facts = factsOf([
  [handlers.openBook, opening],
  [programmes.openProgramme, { programme: 'ao-am', name: 'Áo ấm', effectiveOn: '2026-01-01' }],
  [handlers.recordReceipt, money],
]);
const typesOf = (decided: ReturnType<typeof decide>): unknown =>
  decided.ok ? decided.value.map(({ type }) => type) : decided.error;

const present = 'Thủ quỹ, kế toán trưởng';
const count = { ...ON, account: 'tien-mat', commodity: 'VND', counted: '850', present };
const notes = [
  { value: '500', pieces: 1 },
  { value: '50', pieces: 7 },
];

describe('counts', () => {
  test('of cash are taken with their notes', () => {
    expect(typesOf(decide(handlers.countCash, { ...count, denominations: notes }, facts))).toStrictEqual([
      'book.cash-counted.v1',
      'book.count-difference-booked.v1',
    ]);
  });

  test.each([
    { ...count, denominations: [{ value: '850', pieces: -1 }] },
    { ...count, denominations: [{ value: '850', pieces: 1.5 }] },
    { ...count },
    { ...count, denominations: notes, present: ' ' },
  ])('without what a count needs are not accepted (%#)', (body) => {
    expect(handlers.countCash.schema.safeParse(body).success).toBe(false);
  });

  test('are resolved for a programme that there is', () => {
    const counted = factsOf([[handlers.countCash, { ...count, denominations: notes }]], facts);
    const body = {
      ...ON,
      difference: CONTEXT.commandId,
      how: 'written-off',
      proposedBy: 'lan',
      reason: 'mất',
    };
    expect(typesOf(decide(handlers.resolveCountDifference, body, counted))).toStrictEqual([
      'book.expense-recorded.v1',
      'book.count-difference-resolved.v1',
    ]);
    for (const unknown of [{ programme: 'xe-dap' }, { restriction: { programme: 'xe-dap' } }])
      expect(
        typesOf(decide(handlers.resolveCountDifference, { ...body, ...unknown }, counted)),
      ).toMatchObject({
        code: 'PROGRAMME_UNKNOWN',
      });
  });
});

describe('an advance', () => {
  const advance = { ...ON, account: 'tien-mat', person: 'nv-1', commodity: 'VND', amount: '300' };

  test('names a programme that there is', () => {
    expect(typesOf(decide(handlers.payAdvance, { ...advance, programme: 'ao-am' }, facts))).toStrictEqual([
      'book.advance-paid.v1',
    ]);
    expect(typesOf(decide(handlers.payAdvance, { ...advance, programme: 'xe-dap' }, facts))).toMatchObject({
      code: 'PROGRAMME_UNKNOWN',
    });
  });

  test('is topped up, settled and returned by its id', () => {
    const paid = factsOf([[handlers.payAdvance, advance]], facts);
    const on = { ...ON, advance: CONTEXT.commandId };
    expect(
      typesOf(decide(handlers.topUpAdvance, { ...on, account: 'tien-mat', amount: '50' }, paid)),
    ).toStrictEqual(['book.advance-paid.v1']);
    expect(typesOf(decide(handlers.settleAdvance, { ...on, kind: 'administration' }, paid))).toStrictEqual([
      'book.advance-settled.v1',
      'book.expense-recorded.v1',
    ]);
    expect(typesOf(decide(handlers.returnAdvance, { ...on, account: 'tien-mat' }, paid))).toStrictEqual([
      'book.advance-returned.v1',
    ]);
  });
});

/** A log that holds nothing of any item. */
const NO_PAST = { history: () => [] };

describe('a supplier debt', () => {
  const invoice = {
    ...ON,
    supplier: 'ncc-1',
    invoice: 'HD-1',
    invoiceDay: '2026-02-27',
    commodity: 'VND',
    amount: '300',
    kind: 'administration',
  };

  test('is judged by this year’s book and the one before', () => {
    expect(typesOf(decide(handlers.recordSupplierDebt, invoice, facts))).toStrictEqual([
      'book.supplier-debt-recorded.v1',
      'book.expense-recorded.v1',
    ]);
    const closed = factsOf(
      [
        [handlers.recordSupplierDebt, invoice],
        [handlers.closeBook, { ...ON, year: 2026, reason: 'chưa đối chiếu' }],
      ],
      facts,
    );
    const next = factsOf(
      [[handlers.openBook, { ...opening, year: 2027, effectiveOn: '2027-01-01' }]],
      closed,
    );
    const again = { ...invoice, effectiveOn: '2027-01-01' };
    const context = { ...CONTEXT, today: '2027-01-01' };
    expect(decide(handlers.recordSupplierDebt, again, next, context)).toMatchObject({
      ok: false,
      error: { code: 'INVOICE_TWICE' },
    });
  });

  test('is paid by its id, and reduced with its past', () => {
    const recorded = factsOf([[handlers.recordSupplierDebt, invoice]], facts);
    const on = { ...ON, debt: CONTEXT.commandId };
    expect(typesOf(decide(handlers.paySupplier, { ...on, account: 'vcb' }, recorded))).toStrictEqual([
      'book.supplier-paid.v1',
    ]);
    const reduced = handlers.reduceSupplierDebt.schema.parse({ ...on, reason: 'sai' });
    expect(handlers.reduceSupplierDebt.history?.(reduced, NO_PAST)).toStrictEqual([on.debt]);
    const disbursement = '0190a0b0-0000-7000-8000-000000000077';
    const ofOne = handlers.reduceSupplierDebt.schema.parse({ ...on, disbursement, reason: 'sai' });
    expect(handlers.reduceSupplierDebt.history?.(ofOne, NO_PAST)).toStrictEqual([on.debt, disbursement]);
    // The past comes from the log, which this test does not have.
    expect(typesOf(decide(handlers.reduceSupplierDebt, { ...on, reason: 'sai' }, recorded))).toMatchObject({
      code: 'HISTORY_BEHIND',
    });
  });
});
