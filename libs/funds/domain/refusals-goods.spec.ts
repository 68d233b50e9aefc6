import { buy, lose, revise } from '../../../tests/support/exchange.ts';
import { type Step, type World, given, id, openBook, receive, refund } from '../../../tests/support/funds.ts';
import { type RefusalCase, describeRefusals } from '../../../tests/support/refusal-cases.ts';
import { ok } from '#kernel';
import type { DonorRefunded } from './events-corrections.ts';
import type { BookEvent, ReceiptRecorded, WireRange } from './events.ts';
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

/** Refunds every other of 600 bicycles, written by hand: a decider gives back the last ones. */
const scatter: Step = {
  actor: 'lan',
  decide: ({ log }) => {
    const { stream, effectiveOn, data } = log.at(-1) as BookEvent & { readonly data: ReceiptRecorded };
    const voided = Array.from({ length: 300 }, (_, n): WireRange => [String(2 * n), String(2 * n + 1)]);
    const { receipt, account, commodity, pool, donor, place } = data;
    const refunded: DonorRefunded = {
      refund: id(3),
      receipt,
      corrects: receipt,
      originalBook: null,
      reason: 'tra-lai',
      voucher: 'PC-000001',
      account,
      commodity,
      amount: '300',
      pool,
      voided,
      donor,
      place,
      part: 1,
      parts: 1,
    };
    return ok([{ stream, type: 'book.donor-refunded.v1', effectiveOn, data: refunded }]);
  },
};

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
  VALUATION_SCATTERED: [
    {
      state: '300 bicycles that do not stand side by side',
      world: () => given(openBook(), receive('600', { commodity: 'xe-dap', account: 'kho' }), scatter),
      step: revise(RECEIPT, '1'),
      details: { receipt: RECEIPT, max: '256' },
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
