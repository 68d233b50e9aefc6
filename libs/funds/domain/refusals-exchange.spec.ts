import { buy, revalue, sell } from '../../../tests/support/exchange.ts';
import {
  type Step,
  type World,
  given,
  openAccount,
  openBook,
  receive,
} from '../../../tests/support/funds.ts';
import { type RefusalCase, describeRefusals } from '../../../tests/support/refusal-cases.ts';
import { exchangeRefusals } from './refusals-exchange.ts';

const RICH = 'qbt-06/VND/general';
const held = (...more: Step[]): World => given(openBook(), receive('1000'), ...more);

const euro = (amount: string, change: Parameters<typeof receive>[1] = {}): Step =>
  receive(amount, { commodity: 'EUR', account: 'nh-eur', ...change });
const foreign = (...more: Step[]): World =>
  held(openAccount({ account: 'nh-eur', kind: 'bank' }), euro('1000'), ...more);

const cases: Record<string, RefusalCase[]> = {
  RATE_INVALID: ['27.150,5', '0', '1e3', '0.0000001'].map((perUnit) => ({
    state: `a rate of ${perUnit}`,
    world: foreign,
    step: euro('1', { rate: { perUnit, on: '2026-02-27', source: 'vcb' } }),
    details: { rate: perUnit },
  })),
  RATE_OF_BASE: [
    {
      state: 'a rate of đồng',
      world: foreign,
      step: receive('1', { rate: { perUnit: '1', on: '2026-02-27', source: 'vcb' } }),
      details: { commodity: 'VND', base: 'VND' },
    },
    {
      state: 'đồng valued anew',
      world: foreign,
      step: revalue('1', { commodity: 'VND' }),
      details: { commodity: 'VND', base: 'VND' },
    },
    {
      state: 'a rate of bicycles',
      world: foreign,
      step: receive('1', {
        commodity: 'xe-dap',
        account: 'kho',
        rate: { perUnit: '1', on: '2026-02-27', source: 'vcb' },
      }),
      details: { commodity: 'xe-dap', base: 'VND' },
    },
  ],
  EXCHANGE_NOT_FOREIGN: [
    {
      state: 'đồng for đồng',
      world: foreign,
      step: sell('1', '1', { commodity: 'VND' }),
      details: { commodity: 'VND', base: 'VND' },
    },
  ],
  EXCHANGE_POOL_UNNAMED: [
    {
      state: 'euro of two pools',
      world: () => foreign(euro('10', { restriction: { programme: 'ao-am' } })),
      step: sell('1', '300'),
      details: { commodity: 'EUR', count: '2' },
    },
  ],
  EXCHANGE_SHARE_EMPTY: [
    {
      state: '1 đ for the euro of two pools',
      world: () => foreign(euro('10', { restriction: { programme: 'ao-am' } })),
      step: sell('20', '1', {
        pools: [
          { pool: 'qbt-06/EUR/general', amount: '10' },
          { pool: 'qbt-06/EUR/programme=ao-am', amount: '10' },
        ],
      }),
      details: { pool: 'qbt-06/EUR/general', received: '1' },
    },
  ],
  GOODS_PAID_IN_GOODS: [
    {
      state: 'bicycles for bicycles',
      world: held,
      step: buy('1', '1', { commodity: 'xe-dap' }),
      details: { commodity: 'xe-dap' },
    },
  ],
  GOODS_ARE_MONEY: [
    { state: 'money for money', world: held, step: buy('1', '1', { good: 'EUR' }), details: { good: 'EUR' } },
  ],
  INVOICE_NUMBER_INVALID: [
    {
      state: 'a sentence for a number',
      world: held,
      step: buy('1', '1', { invoice: { number: 'của bà Lan', on: '2026-02-28' } }),
    },
  ],
  GOODS_COST_TOO_SMALL: [
    {
      state: 'four goods for 3 đ, of which one pool pays for the first',
      world: () => held(receive('1000', { restriction: { programme: 'ao-am' } })),
      step: buy('4', '3', {
        programme: 'ao-am',
        pools: [
          { pool: 'qbt-06/VND/programme=ao-am', quantity: '1' },
          { pool: RICH, quantity: '3' },
        ],
      }),
      details: { pool: 'qbt-06/VND/programme=ao-am', quantity: '1' },
    },
  ],
  GOODS_NOT_AFFORDABLE: [
    {
      state: '1,000 đ for goods of 300 đ each',
      world: held,
      step: buy('4', '1200'),
      details: { good: 'xe-dap', asked: '4', affordable: '3', commodity: 'VND' },
    },
    {
      state: 'two pools that together have what one good costs',
      world: () => given(openBook(), receive('500', { restriction: { programme: 'ao-am' } }), receive('500')),
      step: buy('1', '1000', { programme: 'ao-am' }),
      details: { good: 'xe-dap', asked: '1', affordable: '0', commodity: 'VND' },
    },
    {
      state: 'money for another programme',
      world: () => given(openBook(), receive('500', { restriction: { programme: 'ao-am' } })),
      step: buy('1', '100', { programme: 'xe-dap' }),
      details: { good: 'xe-dap', asked: '1', affordable: '0', commodity: 'VND' },
    },
  ],
};

describeRefusals('of goods and currencies', cases, exchangeRefusals);
