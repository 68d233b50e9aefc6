import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type World,
  allocate,
  approve,
  cancel,
  closeBook,
  correct,
  deliver,
  giveBack,
  given,
  id,
  line,
  listGood,
  openAccount,
  openBook,
  pay,
  propose,
  receive,
  refund,
  release,
  reverseReceipt,
  voidVoucher,
  reduce,
  reject,
} from '../../../tests/support/funds.ts';
import {
  approveThat,
  changeProposal,
  endThat,
  proposeThat,
  setRule,
} from '../../../tests/support/approvals.ts';
import {
  earn,
  identify,
  moveOwn,
  receiveUnidentified,
  sendBack,
  setCap,
  spend,
} from '../../../tests/support/daily.ts';
import { countCash, countStock, receiveCharge, resolveCount } from '../../../tests/support/counts.ts';
import { lock, reconcile, unlock } from '../../../tests/support/periods.ts';
import { buy, lose, revalue, revise, sell } from '../../../tests/support/exchange.ts';
import {
  credit,
  invoice,
  payAdvance,
  paySupplier,
  returnAdvance,
  settle,
} from '../../../tests/support/debts.ts';
import type { BookEventType } from './events.ts';

/**
 * The stored form of every event of a book. Stored bytes are never rewritten, so a file here changes only
 * together with a new version of the event's type and an upcaster (DESIGN §5).
 */
const folder = new URL('golden/', import.meta.url);
const golden = (type: string): unknown => JSON.parse(readFileSync(new URL(`${type}.json`, folder), 'utf8'));

const for2Children = {
  programme: 'ao-am',
  group: 'mo-coi',
  purpose: 'quan-ao',
  lines: [
    line('120000', { place: 'bk.ns', beneficiary: 'truong-1', children: 2 }),
    line('30000', { place: 'bk.ns' }),
  ],
};

const for2Sums = (sum: number): { programme: string; lines: ReturnType<typeof line>[] } => ({
  programme: 'ao-am',
  lines: [line(String(sum - 20), { place: 'bk.ns', children: 1 }), line('20')],
});

const world: World = given(
  openBook(),
  openAccount(),
  listGood(),
  receive('500000', {
    donor: 'nha-tai-tro-1',
    place: 'bk.ns',
    pledge: 'cam-ket-1',
    restriction: { group: 'mo-coi', place: 'bk' },
    period: { from: '2026-01-01', to: '2026-03-01', dated: true },
    narrative: 'ab'.repeat(32),
  }),
  receive('12', {
    commodity: 'xe-dap',
    account: 'kho',
    valuation: { amount: '24000000', commodity: 'VND', technique: 'gia-hoa-don' },
  }),
  allocate('200000', { designation: { programme: 'ao-am', place: 'bk.ns', group: 'mo-coi' } }),
  reduce(id(6), '20000'),
  propose('150000', { ...for2Children, payee: 'cd'.repeat(32) }),
  approve(id(8)),
  pay(id(8)),
  giveBack(id(8), [{ line: 0, amount: '5000' }]),
  deliver(id(8)),
  propose('1', { commodity: 'xe-dap' }),
  approve(id(13)),
  cancel(id(13)),
  propose('1', { commodity: 'xe-dap' }),
  reject(id(16)),
  closeBook(),
);

const nextYear: World = given(openBook({ year: 2027, effectiveOn: '2027-01-01' }, [world.book]));

/** Receipts 2 and 3 in one pool: 2 is used by a disbursement and reversed, 3 fills part of what is short. */
const corrected: World = given(
  openBook(),
  receive('100', { restriction: { group: 'mo-coi', until: '2026-02-28' }, effectiveOn: '2026-01-05' }),
  receive('60', { donor: 'nha-tai-tro-1', place: 'bk.ns', pledge: 'cam-ket-1' }),
  correct(id(3), { labels: { donor: 'nha-tai-tro-2', pledge: null } }),
  correct(id(3), { amount: '50' }),
  refund(id(3), '5'),
  voidVoucher(id(3), 'PT-000002'),
  release('qbt-06/VND/group=mo-coi;until=2026-02-28', '40', { ground: 'expired', files: [] }),
  propose('65'),
  approve(id(9)),
  reverseReceipt(id(3), { kind: 'bank-reversal' }),
  receive('10'),
  pay(id(9)),
  deliver(id(9)),
  closeBook(),
);
const afterCorrections: World = given(openBook({ year: 2027, effectiveOn: '2027-01-01' }, [corrected.book]));

const daily: World = given(
  openBook(),
  receiveUnidentified('900', { bankLine: 'vcb-2026.17', narrative: 'ab'.repeat(32) }),
  identify(id(2), { amount: '600', donor: 'nha-tai-tro-1' }),
  sendBack(id(2), { amount: '200' }),
  moveOwn('300', { to: 'khong-neu' }),
  earn('10000', {
    restriction: { purpose: 'quan-ly' },
    period: { from: '2026-01-01', to: '2026-03-01', dated: true },
  }),
  setCap(),
  spend('20', { purpose: 'quan-ly', pools: [{ pool: 'qbt-06/VND/purpose=quan-ly', amount: '20' }] }),
  closeBook({ reason: 'ab'.repeat(32) }),
);
const afterDaily: World = given(openBook({ year: 2027, effectiveOn: '2027-01-01' }, [daily.book]));

const counts: World = given(
  openBook(),
  receive('900000'),
  receive('4', { commodity: 'xe-dap', account: 'kho' }),
  countCash('820000', { files: ['ef'.repeat(32)] }),
  resolveCount(id(4), { how: 'charged', amount: '50000', person: 'nv-1', name: 'cd'.repeat(32) }),
  receiveCharge(id(5), { amount: '20000' }),
  countStock('5'),
);
const periods: World = given(
  openBook(),
  openAccount({ account: 'nh-1', kind: 'bank', effectiveOn: '2026-01-01' }),
  receive('900'),
  propose('30', { payee: 'cd'.repeat(32), lines: [line('10'), line('20', { place: 'bk.ns' })] }),
  lock(2, 'ab'.repeat(32)),
  unlock(2, 'ef'.repeat(32)),
  reconcile('nh-1', '2026-02-28'),
  approve(id(4)),
  pay(id(4)),
  giveBack(id(4), [{ line: 1, amount: '5' }]),
  closeBook({ reason: 'ab'.repeat(32) }),
);
const afterPeriods: World = given(openBook({ year: 2027, effectiveOn: '2027-01-01' }, [periods.book]));
const exchanged: World = given(
  openBook(),
  receive('700000', { restriction: { programme: 'xe-dap' } }),
  receive('1600000'),
  buy('3', '2000000', {
    programme: 'xe-dap',
    place: 'bk.ns',
    invoice: { number: '0000123', on: '2026-02-28' },
    supplier: 'ab'.repeat(32),
    files: ['ef'.repeat(32)],
    pools: [
      { pool: 'qbt-06/VND/general', quantity: '2' },
      { pool: 'qbt-06/VND/programme=xe-dap', quantity: '1' },
    ],
  }),
  receive('2', {
    commodity: 'xe-dap',
    account: 'kho',
    donor: 'nha-tai-tro-1',
    place: 'bk.ns',
    valuation: { amount: '3000000', commodity: 'VND', technique: 'quy-uoc', basis: 'provisional' },
  }),
  revise(id(5), '2500000', {
    valuation: {
      amount: '2500000',
      commodity: 'VND',
      technique: 'gia-hoa-don',
      basis: 'document',
      valuer: 'to-dinh-gia',
      on: '2026-02-20',
    },
  }),
  lose('1', { pools: [{ pool: 'qbt-06/xe-dap/general', amount: '1' }] }),
  openAccount({ account: 'nh-eur', kind: 'bank' }),
  receive('100000', {
    commodity: 'EUR',
    account: 'nh-eur',
    source: 'foreign-aid',
    rate: { perUnit: '27150.5', on: '2026-02-27', source: 'vcb' },
  }),
  sell('40000', '10880000', { files: ['ef'.repeat(32)] }),
  revalue('27300.25'),
);
const approved: World = given(
  openBook(),
  receive('500'),
  setRule('50'),
  propose('60', { ...for2Sums(60), payee: 'cd'.repeat(32), payeePerson: 'em' }),
  approve(id(4)),
  changeProposal(id(4), '70', { ...for2Sums(70), payeePerson: 'em' }, 'dung'),
  proposeThat('allocation'),
  approveThat(id(7), 'chi'),
  proposeThat('expense'),
  endThat(id(9), 'lan'),
  proposeThat('expense', { payeePerson: 'em' }),
);
const afterApproved: World = given(
  openBook({ year: 2027, effectiveOn: '2027-01-01' }, [{ ...approved.book, status: 'closed' }]),
);

const debts: World = given(
  openBook(),
  receive('900000'),
  payAdvance('300000', {
    name: 'cd'.repeat(32),
    due: '2026-03-31',
    purpose: 'di-lai',
    narrative: 'ab'.repeat(32),
  }),
  settle(id(3), { amount: '120000' }),
  returnAdvance(id(3), { amount: '80000' }),
  invoice('200000', { name: 'cd'.repeat(32), due: '2026-03-31' }),
  paySupplier(id(6), { amount: '50000' }),
  credit(id(6), { amount: '30000', creditNote: '1C26TAA-0000130' }),
  closeBook(),
);
const afterDebts: World = given(openBook({ year: 2027, effectiveOn: '2027-01-01' }, [debts.book]));

const types: Record<BookEventType, true> = {
  'book.opened.v1': true,
  'book.pool-carried.v1': true,
  'book.account-carried.v1': true,
  'book.account-opened.v1': true,
  'book.good-listed.v1': true,
  'book.receipt-recorded.v1': true,
  'book.allocation-approved.v1': true,
  'book.allocation-reduced.v1': true,
  'book.disbursement-proposed.v1': true,
  'book.disbursement-approved.v1': true,
  'book.disbursement-rejected.v1': true,
  'book.disbursement-cancelled.v1': true,
  'book.disbursement-paid.v1': true,
  'book.disbursement-delivered.v1': true,
  'book.disbursement-returned.v1': true,
  'book.closed.v1': true,
  'book.donor-refunded.v1': true,
  'book.receipt-adjusted.v1': true,
  'book.receipt-corrected.v1': true,
  'book.receipt-reversed.v1': true,
  'book.restriction-released.v1': true,
  'book.shortfall-carried.v1': true,
  'book.shortfall-settled.v1': true,
  'book.voucher-voided.v1': true,
  'book.approval-rule-set.v1': true,
  'book.decision-approval-given.v1': true,
  'book.decision-carried.v1': true,
  'book.decision-ended.v1': true,
  'book.decision-proposed.v1': true,
  'book.disbursement-approval-given.v1': true,
  'book.disbursement-changed.v1': true,
  'book.admin-cap-set.v1': true,
  'book.advance-carried.v1': true,
  'book.advance-paid.v1': true,
  'book.advance-returned.v1': true,
  'book.advance-settled.v1': true,
  'book.supplier-debt-recorded.v1': true,
  'book.supplier-debt-reduced.v1': true,
  'book.supplier-paid.v1': true,
  'book.cash-counted.v1': true,
  'book.charge-paid.v1': true,
  'book.count-difference-booked.v1': true,
  'book.count-difference-resolved.v1': true,
  'book.stock-counted.v1': true,
  'book.expense-recorded.v1': true,
  'book.currency-exchanged.v1': true,
  'book.currency-revalued.v1': true,
  'book.goods-bought.v1': true,
  'book.goods-lost.v1': true,
  'book.valuation-revised.v1': true,
  'book.income-recorded.v1': true,
  'book.money-arrived.v1': true,
  'book.money-sent.v1': true,
  'book.open-item-carried.v1': true,
  'book.receipt-identified.v1': true,
  'book.unidentified-receipt-recorded.v1': true,
  'book.unidentified-receipt-returned.v1': true,
  'book.account-reconciled.v1': true,
  'book.disbursement-carried.v1': true,
  'book.period-locked.v1': true,
  'book.period-unlocked.v1': true,
};

test.each(Object.keys(types))('%s is stored as it always was, key by key', (type) => {
  const worlds = [
    world,
    nextYear,
    corrected,
    afterCorrections,
    daily,
    afterDaily,
    counts,
    exchanged,
    approved,
    periods,
    afterPeriods,
    afterApproved,
    debts,
    afterDebts,
  ];
  const logs = worlds.flatMap(({ log }) => log);
  const stored = logs.find((event) => event.type === type)?.data;
  expect(JSON.stringify(stored, null, 2)).toBe(JSON.stringify(golden(type), null, 2));
});

test('there is a golden file for each type and no other', () => {
  expect(readdirSync(folder).toSorted()).toStrictEqual(
    Object.keys(types)
      .map((type) => `${type}.json`)
      .toSorted(),
  );
});
