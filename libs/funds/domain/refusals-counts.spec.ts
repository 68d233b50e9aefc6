import { describe, expect, test } from 'vitest';
import { countCash, countStock, receiveCharge, resolveCount } from '../../../tests/support/counts.ts';
import { type RefusalCase, describeRefusals } from '../../../tests/support/refusal-cases.ts';
import {
  type Step,
  type World,
  closeBook,
  given,
  id,
  openBook,
  receive,
  when,
} from '../../../tests/support/funds.ts';
import { countRefusals } from './refusals-counts.ts';

const COUNT = id(4);
const world = (...more: Step[]): World =>
  given(openBook(), receive('900'), receive('4', { commodity: 'xe-dap', account: 'kho' }), ...more);
const short = (): World => world(countCash('820'));

const cases: Record<string, RefusalCase[]> = {
  COUNT_OF_OTHER_KIND: [
    {
      state: 'an account of no stated kind',
      world,
      step: countCash('900', { account: 'khong-neu' }),
      details: { account: 'khong-neu', kind: 'cash' },
    },
    {
      state: 'goods where no store is',
      world,
      step: countStock('4', { account: 'khong-neu' }),
      details: { account: 'khong-neu', kind: 'store' },
    },
  ],
  COUNT_TOO_EARLY: [
    {
      state: 'a receipt of the day after',
      world: () => world(receive('1', { effectiveOn: '2026-03-02' })),
      step: countCash('900'),
      details: { account: 'tien-mat', commodity: 'VND', date: '2026-03-01', last: '2026-03-02' },
    },
  ],
  DENOMINATION_TWICE: [
    {
      state: 'two lines of one value',
      world,
      step: countCash('900', {
        denominations: [
          { value: '100', pieces: 4 },
          { value: '100', pieces: 5 },
        ],
      }),
      details: { value: '100' },
    },
  ],
  DENOMINATIONS_DO_NOT_SUM: [
    {
      state: 'one note too few',
      world,
      step: countCash('900', { denominations: [{ value: '100', pieces: 8 }] }),
      details: { counted: '900', sum: '800' },
    },
  ],
  RESOLUTION_OF_OTHER_KIND: [
    {
      state: 'a shortage as income',
      world: short,
      step: resolveCount(COUNT, { how: 'income' }),
      details: { how: 'income', kind: 'shortage' },
    },
    {
      state: 'a surplus written off',
      world: () => world(countCash('901')),
      step: resolveCount(COUNT, { how: 'written-off', proposedBy: 'lan' }),
      details: { how: 'written-off', kind: 'surplus' },
    },
  ],
  CHARGE_NOT_MONEY: [
    {
      state: 'a bicycle missing',
      world: () => world(countStock('3')),
      step: resolveCount(COUNT, { how: 'charged', person: 'nv-1' }),
      details: { commodity: 'xe-dap' },
    },
  ],
  CHARGE_WITHOUT_PERSON: [
    {
      state: 'nobody named',
      world: short,
      step: resolveCount(COUNT, { how: 'charged' }),
      details: { item: COUNT },
    },
  ],
  WRITE_OFF_WITHOUT_PROPOSAL: [
    {
      state: 'nobody proposed it',
      world: short,
      step: resolveCount(COUNT, { how: 'written-off' }),
      details: { item: COUNT },
    },
  ],
};

describeRefusals('of counts', cases, countRefusals);

describe('counts', () => {
  test.each([
    [countCash('-1', { denominations: [] }), 'AMOUNT_NEGATIVE'],
    [countCash('900', { denominations: [{ value: '0', pieces: 1 }] }), 'AMOUNT_ZERO'],
    [countCash('900', { account: 'vcb' }), 'ACCOUNT_UNKNOWN'],
    [countStock('4', { commodity: 'gao' }), 'COMMODITY_UNKNOWN'],
    [countCash('900', { effectiveOn: '2026-07-01' }), 'DATE_IN_FUTURE'],
    [resolveCount(COUNT, { amount: '81' }), 'ITEM_TOO_SMALL'],
    [resolveCount(id(9)), 'ITEM_NOT_OPEN'],
    [resolveCount(COUNT, { effectiveOn: '2026-02-28' }), 'ITEM_TOO_EARLY'],
    [resolveCount(COUNT, { how: 'written-off', proposedBy: 'chi' }), 'MAKER_IS_CHECKER'],
    [
      resolveCount(COUNT, {
        how: 'written-off',
        proposedBy: 'lan',
        pools: [{ pool: 'qbt-06/VND/purpose=x', amount: '80' }],
      }),
      'POOL_UNKNOWN',
    ],
    [receiveCharge(COUNT), 'ITEM_NOT_OPEN'],
  ])('what every command checks is checked (%#)', (step, code) => {
    expect(when(short(), step)).toMatchObject({ ok: false, error: { code } });
  });

  test('an account that cannot hold the charge does not take it', () => {
    const charged = given(
      openBook(),
      receive('900'),
      countCash('820'),
      resolveCount(id(3), { how: 'charged', person: 'nv-1' }),
    );
    expect(when(charged, receiveCharge(id(4), { account: 'kho' }))).toMatchObject({
      error: { code: 'ACCOUNT_HOLDS_OTHER' },
    });
  });

  test.each([countCash('820'), countStock('4'), resolveCount(COUNT), receiveCharge(COUNT)])(
    'a closed book takes none (%#)',
    (step) => {
      expect(when(world(closeBook()), step)).toMatchObject({ ok: false, error: { code: 'BOOK_CLOSED' } });
    },
  );
});
