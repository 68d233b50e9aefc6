import { buy, lose, revise } from '../../../tests/support/exchange.ts';
import { type Step, type World, given, id, openBook, receive, refund } from '../../../tests/support/funds.ts';
import { type RefusalCase, describeRefusals } from '../../../tests/support/refusal-cases.ts';
import { goodsRefusals } from './refusals-goods.ts';

const RECEIPT = id(2);
const valuation = { amount: '900', commodity: 'VND', technique: 'quy-uoc' };
const held = (...more: Step[]): World =>
  given(
    openBook(),
    receive('3', { commodity: 'xe-dap', account: 'kho', valuation }),
    receive('1000', { restriction: { programme: 'ao-am' } }),
    ...more,
  );

const cases: Record<string, RefusalCase[]> = {
  LOSS_OF_MONEY: [
    { state: 'money', world: held, step: lose('1', { good: 'VND' }), details: { good: 'VND' } },
  ],
  LOSS_WITHOUT_EVIDENCE: [{ state: 'no file', world: held, step: lose('1', { files: [] }) }],
  LOSS_POOL_UNNAMED: [
    {
      state: 'goods of two pools',
      world: () => held(buy('1', '300', { programme: 'ao-am' })),
      step: lose('1'),
      details: { good: 'xe-dap', count: '2' },
    },
  ],
  VALUATION_WITHOUT_EVIDENCE: [{ state: 'no file', world: held, step: revise(RECEIPT, '1', { files: [] }) }],
  VALUATION_AS_BEFORE: [
    {
      state: 'the value it came with',
      world: held,
      step: revise(RECEIPT, '900', { valuation }),
      details: { receipt: RECEIPT },
    },
  ],
  VALUATION_OF_NOTHING: [
    {
      state: 'all given back to the donor',
      world: () => held(refund(RECEIPT, '3', { account: 'kho' })),
      step: revise(RECEIPT, '1'),
      details: { receipt: RECEIPT },
    },
  ],
};

describeRefusals('of goods', cases, goodsRefusals);
