import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type World,
  allocate,
  approve,
  cancel,
  closeBook,
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
  reduce,
  reject,
} from '../../../tests/support/funds.ts';
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

const types: Record<BookEventType, true> = {
  'book.opened.v1': true,
  'book.pool-carried.v1': true,
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
};

test.each(Object.keys(types))('%s is stored as it always was, key by key', (type) => {
  const stored = [...world.log, ...nextYear.log].find((event) => event.type === type)?.data;
  expect(JSON.stringify(stored, null, 2)).toBe(JSON.stringify(golden(type), null, 2));
});

test('there is a golden file for each type and no other', () => {
  expect(readdirSync(folder).toSorted()).toStrictEqual(
    Object.keys(types)
      .map((type) => `${type}.json`)
      .toSorted(),
  );
});
