import { describe, expect, test } from 'vitest';
import { type RefusalCase, describeRefusals } from '../../../tests/support/refusal-cases.ts';
import {
  earn,
  setCap,
  spend,
  identify,
  moveOwn,
  receiveOwn,
  receiveUnidentified,
  sendBack,
} from '../../../tests/support/daily.ts';
import {
  type Step,
  type World,
  closeBook,
  given,
  id,
  openAccount,
  openBook,
  receive,
  when,
} from '../../../tests/support/funds.ts';
import { dailyRefusals } from './refusals-daily.ts';

const ITEM = id(2);
const held = (...more: Step[]): World => given(openBook(), receiveUnidentified('900'), ...more);

const cases: Record<string, RefusalCase[]> = {
  UNIDENTIFIED_NOT_MONEY: [
    {
      state: 'bicycles from nobody',
      world: held,
      step: receiveUnidentified('1', { commodity: 'xe-dap', account: 'kho' }),
      details: { commodity: 'xe-dap' },
    },
  ],
  ADMIN_CAP_EXCEEDED: [
    {
      state: '5 % of 1,000 đ',
      world: () => given(openBook(), receive('1000'), setCap()),
      step: spend('51'),
      details: { asked: '51', left: '50', base: '1000', commodity: 'VND' },
    },
    {
      state: 'nobody proposed it to who may allow more',
      world: () => given(openBook(), receive('1000'), setCap(), spend('50')),
      step: spend('1', {}, 'chi'),
      details: { asked: '1', left: '0', base: '1000', commodity: 'VND' },
    },
  ],
  MOVE_TO_ITSELF: [
    {
      state: 'one account',
      world: held,
      step: moveOwn('1', { to: 'tien-mat' }),
      details: { account: 'tien-mat' },
    },
  ],
  ACCOUNT_BELOW_ZERO: [
    {
      state: 'the cash box empty, the money in the bank',
      world: () =>
        given(openBook(), openAccount({ account: 'vcb', kind: 'bank' }), receive('1000', { account: 'vcb' })),
      step: spend('1'),
      details: { account: 'tien-mat', commodity: 'VND', asked: '1', balance: '0' },
    },
    {
      state: 'less in the cash box than is moved',
      world: () => given(openBook(), receive('1000')),
      step: moveOwn('1001', { to: 'khong-neu' }),
      details: { account: 'tien-mat', commodity: 'VND', asked: '1001', balance: '1000' },
    },
    {
      state: 'four bicycles in the store',
      world: () => given(openBook(), receive('4', { commodity: 'xe-dap', account: 'kho' })),
      step: moveOwn('5', { commodity: 'xe-dap', from: 'kho', to: 'khong-neu' }),
      details: { account: 'kho', commodity: 'xe-dap', asked: '5', balance: '4' },
    },
  ],
  ITEM_NOT_OPEN: [
    ...[identify(id(9)), sendBack(id(9)), receiveOwn(id(9))].map((step) => ({
      state: 'no such item',
      world: held,
      step,
      details: { item: id(9), fund: 'qbt-06' },
    })),
    {
      state: 'another kind of item',
      world: held,
      step: receiveOwn(ITEM),
      details: { item: ITEM, fund: 'qbt-06' },
    },
    {
      state: 'all of it sent back',
      world: () => held(sendBack(ITEM)),
      step: identify(ITEM),
      details: { item: ITEM, fund: 'qbt-06' },
    },
  ],
  ITEM_TOO_EARLY: [
    {
      state: 'the day before it came',
      world: held,
      step: identify(ITEM, { effectiveOn: '2026-02-28' }),
      details: { date: '2026-02-28', since: '2026-03-01' },
    },
  ],
  ITEM_TOO_SMALL: [identify(ITEM, { amount: '901' }), sendBack(ITEM, { amount: '901' })].map((step) => ({
    state: 'more than came',
    world: held,
    step,
    details: { item: ITEM, asked: '901', left: '900' },
  })),
};

describeRefusals('of daily money', cases, dailyRefusals);

describe('daily money', () => {
  test.each([
    [receiveUnidentified('x'), 'AMOUNT_NOT_A_NUMBER'],
    [receiveUnidentified('1', { account: 'vcb' }), 'ACCOUNT_UNKNOWN'],
    [sendBack(ITEM, { account: 'kho' }), 'ACCOUNT_HOLDS_OTHER'],
    [moveOwn('1', { from: 'kho' }), 'ACCOUNT_HOLDS_OTHER'],
    [earn('1', { restriction: { until: '2026-01-01' } }), 'RESTRICTION_EXPIRED'],
    [earn('1', { account: 'kho' }), 'ACCOUNT_HOLDS_OTHER'],
    [earn('0'), 'AMOUNT_ZERO'],
    [spend('1'), 'POOL_UNKNOWN'],
    [spend('1', { pools: [{ pool: 'qbt-06/VND/general', amount: '2' }] }), 'PARTS_DO_NOT_SUM'],
    [spend('1', { proposedBy: 'lan' }), 'MAKER_IS_CHECKER'],
    [setCap({}, 'lan'), 'MAKER_IS_CHECKER'],
    [moveOwn('1', { to: 'vcb' }), 'ACCOUNT_UNKNOWN'],
    [moveOwn('0', { to: 'khong-neu' }), 'AMOUNT_ZERO'],
    [moveOwn('1', { commodity: 'gao' }), 'COMMODITY_UNKNOWN'],
    [identify(ITEM, { amount: '0' }), 'AMOUNT_ZERO'],
    [identify(ITEM, { restriction: { until: '2026-01-01' } }), 'RESTRICTION_EXPIRED'],
    [receiveUnidentified('1', { effectiveOn: '2026-07-01' }), 'DATE_IN_FUTURE'],
  ])('what every command checks is checked (%#)', (step, code) => {
    expect(when(held(), step)).toMatchObject({ ok: false, error: { code } });
  });

  test.each([
    receiveUnidentified('1'),
    identify(ITEM),
    sendBack(ITEM),
    moveOwn('1'),
    receiveOwn(ITEM),
    earn('1'),
    spend('1'),
    setCap(),
  ])('a closed book takes none (%#)', (step) => {
    expect(when(held(closeBook()), step)).toMatchObject({ ok: false, error: { code: 'BOOK_CLOSED' } });
  });
});
