import { describe, expect, test } from 'vitest';
import {
  credit,
  invoice,
  payAdvance,
  paySupplier,
  returnAdvance,
  settle,
  topUp,
} from '../../../tests/support/debts.ts';
import { type RefusalCase, describeRefusals } from '../../../tests/support/refusal-cases.ts';
import {
  type Step,
  type World,
  approve,
  closeBook,
  given,
  id,
  openBook,
  pay,
  propose,
  receive,
  when,
} from '../../../tests/support/funds.ts';
import { debtRefusals } from './refusals-debts.ts';

const world = (...more: Step[]): World => given(openBook(), receive('900'), ...more);
const DISBURSEMENT = id(3);
const approved = (...more: Step[]): World => world(propose('300'), approve(DISBURSEMENT), ...more);
const forIt = { disbursement: DISBURSEMENT };

const cases: Record<string, RefusalCase[]> = {
  ADVANCE_NOT_MONEY: [
    {
      state: 'bicycles handed out',
      world,
      step: payAdvance('1', { commodity: 'xe-dap', account: 'kho' }),
      details: { commodity: 'xe-dap' },
    },
  ],
  ADVANCE_OUT: [
    {
      state: 'an advance for the disbursement is out',
      world: () => approved(payAdvance('100', forIt)),
      step: pay(DISBURSEMENT),
      details: { disbursement: DISBURSEMENT, advance: id(5) },
    },
  ],
  ADVANCE_TOO_LARGE: [
    {
      state: 'more than the disbursement',
      world: approved,
      step: payAdvance('301', forIt),
      details: { asked: '301', most: '300' },
    },
    {
      state: 'more than is left of the disbursement',
      world: () => approved(payAdvance('200', forIt)),
      step: topUp(id(5), '101'),
      details: { asked: '101', most: '100' },
    },
  ],
  DUE_TOO_EARLY: [
    {
      state: 'due the day before',
      world,
      step: payAdvance('1', { due: '2026-02-28' }),
      details: { due: '2026-02-28', date: '2026-03-01' },
    },
    {
      state: 'due before the invoice',
      world,
      step: invoice('1', { due: '2026-02-26' }),
      details: { due: '2026-02-26', date: '2026-02-27' },
    },
  ],
  SETTLED_AS_OTHER: [
    {
      state: 'own costs without their kind',
      world: () => world(payAdvance('100')),
      step: settle(id(3), { kind: null }),
      details: { advance: id(3) },
    },
    {
      state: 'a disbursement as administration',
      world: () => approved(payAdvance('300', forIt)),
      step: settle(id(5)),
      details: { advance: id(5) },
    },
  ],
  DEBT_NOT_MONEY: [
    {
      state: 'bicycles owed',
      world,
      step: invoice('1', { commodity: 'xe-dap' }),
      details: { commodity: 'xe-dap' },
    },
  ],
  DEBT_OF_OTHER_AMOUNT: [
    {
      state: 'an invoice of less',
      world: approved,
      step: invoice('299', { ...forIt, kind: null }),
      details: { asked: '299', amount: '300', commodity: 'VND' },
    },
  ],
  DEBT_WITHOUT_USE: [
    {
      state: 'for nothing',
      world,
      step: invoice('1', { kind: null }),
      details: { invoice: '1C26TAA-0000123' },
    },
    {
      state: 'for two things',
      world: approved,
      step: invoice('300', forIt),
      details: { invoice: '1C26TAA-0000123' },
    },
    {
      state: 'credited as another thing than it is',
      world: () => approved(invoice('1')),
      step: credit(id(5), { ...forIt, lines: [{ line: 0, amount: '1' }] }),
      details: { invoice: '1C26TAA-0000123' },
    },
  ],
  INVOICE_TWICE: [
    {
      state: 'recorded before',
      world: () => world(invoice('1')),
      step: invoice('1'),
      details: { supplier: 'ncc-1', invoice: '1C26TAA-0000123', debt: id(3) },
    },
  ],
};

describeRefusals('of advances and supplier debts', cases, debtRefusals);

describe('advances and supplier debts', () => {
  const open = (): World => world(payAdvance('100'), invoice('50'));
  const [ADVANCE, DEBT] = [id(3), id(4)];

  test.each([
    [payAdvance('x'), 'AMOUNT_NOT_A_NUMBER'],
    [payAdvance('1', { account: 'kho' }), 'ACCOUNT_HOLDS_OTHER'],
    [payAdvance('801'), 'POOL_OVERDRAWN'],
    [payAdvance('1', { pools: [{ pool: 'qbt-06/VND/purpose=x', amount: '1' }] }), 'POOL_UNKNOWN'],
    [payAdvance('1', { proposedBy: 'lan' }), 'MAKER_IS_CHECKER'],
    [payAdvance('1', { disbursement: id(9) }), 'DISBURSEMENT_NOT_OPEN'],
    [topUp(ADVANCE, '1', { proposedBy: 'lan' }), 'MAKER_IS_CHECKER'],
    [topUp(ADVANCE, '1', { account: 'vcb' }), 'ACCOUNT_UNKNOWN'],
    [topUp(ADVANCE, '0'), 'AMOUNT_ZERO'],
    [topUp(id(9), '1'), 'ITEM_NOT_OPEN'],
    [settle(ADVANCE, { amount: '101' }), 'ITEM_TOO_SMALL'],
    [settle(ADVANCE, { proposedBy: 'lan' }), 'MAKER_IS_CHECKER'],
    [settle(DEBT), 'ITEM_NOT_OPEN'],
    [settle(ADVANCE, { effectiveOn: '2026-02-28' }), 'ITEM_TOO_EARLY'],
    [returnAdvance(ADVANCE, { account: 'kho' }), 'ACCOUNT_HOLDS_OTHER'],
    [returnAdvance(ADVANCE, { amount: '101' }), 'ITEM_TOO_SMALL'],
    [invoice('900', { supplier: 'ncc-2' }), 'POOL_OVERDRAWN'],
    [invoice('0', { supplier: 'ncc-2' }), 'AMOUNT_ZERO'],
    [invoice('1', { supplier: 'ncc-2', kind: null, disbursement: id(9) }), 'DISBURSEMENT_NOT_OPEN'],
    [paySupplier(DEBT, { amount: '51' }), 'ITEM_TOO_SMALL'],
    [paySupplier(DEBT, { account: 'kho' }), 'ACCOUNT_HOLDS_OTHER'],
    [paySupplier(ADVANCE), 'ITEM_NOT_OPEN'],
    [credit(DEBT, { amount: '51' }), 'ITEM_TOO_SMALL'],
    [credit(id(9)), 'ITEM_NOT_OPEN'],
  ])('what every command checks is checked (%#)', (step, code) => {
    expect(when(open(), step)).toMatchObject({ ok: false, error: { code } });
  });

  test('a disbursement of another commodity is not advanced for', () => {
    const bicycles = given(
      openBook(),
      receive('900'),
      receive('2', { commodity: 'xe-dap', account: 'kho' }),
      propose('1', { commodity: 'xe-dap' }),
      approve(id(4)),
    );
    expect(when(bicycles, payAdvance('1', { disbursement: id(4) }))).toMatchObject({
      error: { code: 'COMMODITY_WRONG' },
    });
  });

  test('an advance smaller than its disbursement is topped up before it is settled', () => {
    expect(when(approved(payAdvance('200', forIt)), settle(id(5), { kind: null }))).toMatchObject({
      error: { code: 'ITEM_TOO_SMALL', details: { asked: '300', left: '200' } },
    });
  });

  test('a debt whose past the log does not hold yet is not reduced', () => {
    const behind: Step = {
      actor: 'lan',
      decide: (now, context) => credit(DEBT).decide({ ...now, log: now.log.slice(0, 3) }, context),
    };
    expect(when(open(), behind)).toMatchObject({ error: { code: 'HISTORY_BEHIND' } });
  });

  test.each([
    payAdvance('1'),
    topUp(ADVANCE, '1'),
    settle(ADVANCE),
    returnAdvance(ADVANCE),
    invoice('1'),
    paySupplier(DEBT),
    credit(DEBT),
  ])('a closed book takes none (%#)', (step) => {
    expect(when(world(closeBook()), step)).toMatchObject({ ok: false, error: { code: 'BOOK_CLOSED' } });
  });
});
