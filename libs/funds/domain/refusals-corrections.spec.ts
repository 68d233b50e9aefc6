import { type RefusalCase, describeRefusals } from '../../../tests/support/refusal-cases.ts';
import {
  approve,
  correct,
  given,
  id,
  openBook,
  propose,
  receive,
  refund,
  release,
  reverseReceipt,
  voidVoucher,
  type Step,
  type World,
} from '../../../tests/support/funds.ts';
import { correctionRefusals } from './refusals-corrections.ts';

/** Command 1 opens the book, 2 receives 100 đ that anybody may use. */
const general = (...more: Step[]): World => given(openBook(), receive('100'), ...more);
const GIFT = id(2);
const used = (): World => general(propose('70'), approve(id(3)));
const LIMITED = 'qbt-06/VND/group=mo-coi;until=2026-06-30';
const limited = (): World =>
  given(openBook(), receive('100', { restriction: { group: 'mo-coi', until: '2026-06-30' } }));

/** How each refusal is reached. The same code from another decider is another row. */
const cases: Record<string, RefusalCase[]> = {
  RECEIPT_UNKNOWN: [correct(id(9), { amount: '1' }), reverseReceipt(id(9)), refund(id(9), '1')].map(
    (step) => ({
      state: 'no such receipt',
      world: () => general(),
      step,
      details: { receipt: id(9), fund: 'qbt-06' },
    }),
  ),
  RECEIPT_REVERSED: [correct(GIFT, { amount: '1' }), reverseReceipt(GIFT), refund(GIFT, '1')].map((step) => ({
    state: 'reversed before',
    world: () => general(reverseReceipt(GIFT)),
    step,
    details: { receipt: GIFT },
  })),
  RECEIPT_EMPTY: [
    {
      state: 'refunded in full',
      world: () => general(refund(GIFT, '100')),
      step: reverseReceipt(GIFT),
      details: { receipt: GIFT },
    },
  ],
  RECEIPT_USED: [
    {
      state: 'more was used than would be left',
      world: used,
      step: correct(GIFT, { amount: '69' }),
      details: { receipt: GIFT, asked: '31', free: '30' },
    },
  ],
  RESTRICTION_NOT_CORRECTED: [
    {
      state: 'another restriction',
      world: () => general(),
      step: correct(GIFT, { restriction: { group: 'mo-coi' } }),
      details: { receipt: GIFT },
    },
  ],
  NOTHING_TO_CORRECT: [
    { state: 'nothing named', world: () => general(), step: correct(GIFT), details: { receipt: GIFT } },
    {
      state: 'it says so already',
      world: () => general(),
      step: correct(GIFT, { amount: '100', labels: { donor: null } }),
      details: { receipt: GIFT },
    },
  ],
  CORRECTION_TOO_EARLY: [
    {
      state: 'before the receipt',
      world: () => general(),
      step: reverseReceipt(GIFT, { effectiveOn: '2026-02-28' }),
      details: { date: '2026-02-28', recorded: '2026-03-01' },
    },
  ],
  REFUND_TOO_LARGE: [
    {
      state: 'more than is free',
      world: used,
      step: refund(GIFT, '31'),
      details: { receipt: GIFT, asked: '31', free: '30' },
    },
  ],
  RELEASE_NOT_WIDER: [
    {
      state: 'the same',
      world: limited,
      step: release(LIMITED, '1', { restriction: { group: 'mo-coi', until: '2026-06-30' } }),
      details: { pool: LIMITED },
    },
    {
      state: 'another group',
      world: limited,
      step: release(LIMITED, '1', { restriction: { group: 'khuyet-tat' } }),
      details: { pool: LIMITED },
    },
    {
      state: 'an earlier end',
      world: limited,
      step: release(LIMITED, '1', { restriction: { until: '2026-05-31' } }),
      details: { pool: LIMITED },
    },
    {
      state: 'a place where none was named',
      world: limited,
      step: release(LIMITED, '1', { restriction: { place: 'bk' } }),
      details: { pool: LIMITED },
    },
  ],
  RELEASE_NOT_EXPIRED: [
    {
      state: 'on the last day',
      world: limited,
      step: release(LIMITED, '1', { ground: 'expired', effectiveOn: '2026-06-30' }),
      details: { pool: LIMITED, until: '2026-06-30', date: '2026-06-30' },
    },
  ],
  RELEASE_WITHOUT_EVIDENCE: [
    {
      state: 'consent without a file',
      world: limited,
      step: release(LIMITED, '1', { files: [] }),
      details: {},
    },
  ],
  VOUCHER_UNKNOWN: [
    {
      state: 'of another item',
      world: () => general(receive('1')),
      step: voidVoucher(GIFT, 'PT-000002'),
      details: { voucher: 'PT-000002', item: GIFT },
    },
    {
      state: 'of no series',
      world: () => general(),
      step: voidVoucher(GIFT, 'XX-000001'),
      details: { voucher: 'XX-000001', item: GIFT },
    },
  ],
  VOUCHER_VOIDED: [
    {
      state: 'voided before',
      world: () => general(voidVoucher(GIFT, 'PT-000001')),
      step: voidVoucher(GIFT, 'PT-000001'),
      details: { voucher: 'PT-000001', by: 'PT-000002' },
    },
  ],
};

describeRefusals('of corrections', cases, correctionRefusals);
