import { describe, expect, it } from 'vitest';
import { countCash, countStock, receiveCharge, resolveCount } from '../../../tests/support/counts.ts';
import {
  credit,
  invoice,
  payAdvance,
  paySupplier,
  returnAdvance,
  settle,
} from '../../../tests/support/debts.ts';
import { type World, approve, given, id, openBook, propose, receive } from '../../../tests/support/funds.ts';
import { profileNamed } from '../profile.ts';
import { entriesOf } from './entries.ts';
import { legsOf } from './legs.ts';
import { emptyPast } from './past.ts';
import type { Profile } from './profile.ts';

const general = profileNamed('general') as Profile;
const vnPublic = profileNamed('vn-public') as Profile;

/** The entries of a world's events after the first ones, as `debit credit amount commodity`. */
function entries(profile: Profile, { log }: World, after: number): string[] {
  const past = emptyPast();
  return log
    .map((event) => entriesOf(profile, past, legsOf(past, event)))
    .slice(after)
    .flat()
    .map(({ debit, credit: other, commodity, amount }) => `${debit} ${other} ${amount} ${commodity}`);
}

describe('entries of counts', () => {
  const world = given(
    openBook(),
    receive('900'),
    countCash('820'),
    resolveCount(id(3), { amount: '10' }),
    resolveCount(id(3), { amount: '40', how: 'charged', person: 'nv-1' }),
    receiveCharge(id(5), { amount: '15' }),
    resolveCount(id(3), { how: 'written-off', proposedBy: 'lan' }),
    countCash('850', { denominations: [{ value: '50', pieces: 17 }] }),
    resolveCount(id(8), { how: 'income' }),
  );

  it('hold what is missing or too much apart until it is resolved', () => {
    expect(entries(vnPublic, world, 2)).toStrictEqual([
      '1381:tien-mat 111:tien-mat 80 VND',
      '111:tien-mat 1381:tien-mat 10 VND',
      '1388:nv-1 1381:tien-mat 40 VND',
      '111:tien-mat 1388:nv-1 15 VND',
      '811 1381:tien-mat 30 VND',
      '3661 5111 30 VND',
      '111:tien-mat 33811:tien-mat 5 VND',
      '33811:tien-mat 3668 5 VND',
    ]);
    expect(entries(general, world, 2)).toStrictEqual([
      '1310:tien-mat 1000:tien-mat 80 VND',
      '1000:tien-mat 1310:tien-mat 10 VND',
      '1320:nv-1 1310:tien-mat 40 VND',
      '1000:tien-mat 1320:nv-1 15 VND',
      '6300 1310:tien-mat 30 VND',
      '1000:tien-mat 2110:tien-mat 5 VND',
      '2110:tien-mat 4400 5 VND',
    ]);
  });

  it('take the value of missing goods out of the store when it is known which they are', () => {
    const stock = given(
      openBook(),
      receive('4', {
        commodity: 'xe-dap',
        account: 'kho',
        valuation: { amount: '8000', commodity: 'VND', technique: 'gia-hoa-don' },
      }),
      countStock('3'),
      resolveCount(id(3), { how: 'written-off', proposedBy: 'lan' }),
    );
    expect(entries(vnPublic, stock, 2)).toStrictEqual([
      '1381:kho 152:kho 1 xe-dap',
      '811 1381:kho 1 xe-dap',
      '3661 5111 1 xe-dap',
      '811 152:kho 2000 VND',
      '3661 5111 2000 VND',
    ]);
  });
});

describe('entries of advances and supplier debts', () => {
  it('stand on the advance and on the supplier between the use and the money', () => {
    const world = given(
      openBook(),
      receive('900'),
      payAdvance('300'),
      settle(id(3), { amount: '200' }),
      returnAdvance(id(3)),
      invoice('150', { kind: 'other' }),
      paySupplier(id(6), { amount: '100' }),
      credit(id(6), { amount: '50' }),
    );
    expect(entries(vnPublic, world, 2)).toStrictEqual([
      '141:nv-1 111:tien-mat 300 VND',
      '6421 141:nv-1 200 VND',
      '3661 5111 200 VND',
      '111:tien-mat 141:nv-1 100 VND',
      '6421 331:ncc-1 150 VND',
      '3661 5111 150 VND',
      '331:ncc-1 111:tien-mat 100 VND',
      '331:ncc-1 6421 50 VND',
      '5111 3661 50 VND',
    ]);
    expect(entries(general, world, 2)).toStrictEqual([
      '1400:nv-1 1000:tien-mat 300 VND',
      '6000 1400:nv-1 200 VND',
      '1000:tien-mat 1400:nv-1 100 VND',
      '6000 2000:ncc-1 150 VND',
      '2000:ncc-1 1000:tien-mat 100 VND',
      '2000:ncc-1 6000 50 VND',
    ]);
  });

  it('of a disbursement are its use, out of the advance or the debt', () => {
    const world = given(
      openBook(),
      receive('900'),
      propose('300'),
      approve(id(3)),
      payAdvance('300', { disbursement: id(3) }),
      settle(id(5), { kind: null }),
      propose('200'),
      approve(id(7)),
      invoice('200', { disbursement: id(7), kind: null }),
    );
    expect(entries(vnPublic, world, 2)).toStrictEqual([
      '141:nv-1 111:tien-mat 300 VND',
      '6111 141:nv-1 300 VND',
      '3661 5111 300 VND',
      '6111 331:ncc-1 200 VND',
      '3661 5111 200 VND',
    ]);
  });
});
