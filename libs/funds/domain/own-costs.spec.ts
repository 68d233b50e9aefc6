import type { Fact, Result } from '#kernel';
import { describe, expect, test } from 'vitest';
import { earn, setCap, spend } from '../../../tests/support/daily.ts';
import {
  type Step,
  type World,
  closeBook,
  correct,
  emptyWorld,
  given,
  id,
  openBook,
  propose,
  receive,
  refund,
  reverseReceipt,
  take,
  when,
} from '../../../tests/support/funds.ts';
import { type Movement, movementsOf, poolUsesOf } from './movements.ts';
import { postingsOf } from './postings.ts';

const POOL = 'qbt-06/VND/general';
const dataOf = (decided: Result<Fact[]>): unknown[] =>
  decided.ok ? decided.value.map(({ data }) => data) : [decided.error];
const last = ({ log }: World): World['log'] => log.slice(-1);
const posted = (world: World): string[] =>
  last(world)
    .flatMap((event) => postingsOf(event))
    .map(({ account, amount }) => `${account} ${amount}`);
const text = ({ measure, amount, pool }: Movement): string => `${measure} ${amount} ${pool}`;

describe('income', () => {
  test('mints in the pool it is stated for and takes the next phiếu thu', () => {
    const world = given(
      openBook(),
      receive('5'),
      earn('70', { restriction: { group: 'g', place: 'bk.ns' } }),
    );
    const pool = 'qbt-06/VND/group=g;place=bk.ns';
    expect(world.log.at(-1)).toMatchObject({
      type: 'book.income-recorded.v1',
      data: {
        receipt: id(3),
        voucher: 'PT-000002',
        pool,
        minted: ['0', '70'],
        kind: 'interest',
        donor: null,
      },
    });
    expect(posted(world)).toStrictEqual(['asset/qbt-06/tien-mat 70', `free/${pool} -70`]);
    const moved = last(world).flatMap((event) => movementsOf(event));
    expect(moved.map(text)).toStrictEqual([`received 70 ${pool}`, `available 70 ${pool}`]);
    expect(moved[0]).toMatchObject({ place: 'bk.ns', donor: null });
  });

  test('is corrected and reversed as a receipt is', () => {
    const world = given(openBook(), earn('70'), correct(id(2), { amount: '60' }));
    expect(posted(world)).toStrictEqual(['asset/qbt-06/tien-mat -10', `free/${POOL} 10`]);
    const { book } = take(world, reverseReceipt(id(2))).world;
    expect(book.pools.get(POOL)).toMatchObject({ minted: 70n, free: [] });
  });
});

describe('an expense', () => {
  test('draws from the general pool unless told otherwise, and is paid at once', () => {
    const world = given(
      openBook(),
      receive('100', { restriction: { purpose: 'p' } }),
      receive('50'),
      spend('30'),
    );
    expect(world.log.at(-1)).toMatchObject({
      type: 'book.expense-recorded.v1',
      data: {
        expense: id(4),
        voucher: 'PC-000001',
        drawn: [{ pool: POOL, units: [['0', '30']] }],
        cap: null,
        part: 1,
        parts: 1,
      },
    });
    expect(posted(world)).toStrictEqual([`free/${POOL} 30`, 'asset/qbt-06/tien-mat -30']);
    expect(
      last(world)
        .flatMap((event) => movementsOf(event))
        .map(text),
    ).toStrictEqual([`available -30 ${POOL}`, 'paid 30 null']);
    expect(
      last(world)
        .flatMap((event) => poolUsesOf(event))
        .map(text),
    ).toStrictEqual([`paid 30 ${POOL}`]);
  });

  test('never breaks a restriction, and has what another one admits', () => {
    const pools = [{ pool: 'qbt-06/VND/purpose=quan-ly', amount: '9' }];
    const world = given(openBook(), receive('9', { restriction: { purpose: 'quan-ly' } }));
    expect(when(world, spend('9', { pools }))).toMatchObject({ error: { code: 'RESTRICTION_BROKEN' } });
    expect(when(world, spend('9', { pools, purpose: 'quan-ly' })).ok).toBe(true);
  });

  test('of a receipt that is reversed later is covered by other units', () => {
    const { world } = take(
      given(openBook(), receive('30'), receive('40'), spend('30')),
      reverseReceipt(id(2), { kind: 'bank-reversal' }),
    );
    expect(world.log.at(-1)?.data).toMatchObject({
      covered: [{ use: id(4), replaced: [['0', '30']], by: [['30', '60']] }],
    });
  });
});

describe('the cap on own costs', () => {
  const capped = (...more: Step[]): World => given(openBook(), receive('1000'), setCap(), ...more);
  const most = (world: World): bigint => {
    const refused = when(world, spend('1000'));
    return refused.ok ? -1n : BigInt(refused.error.details['left'] ?? -1);
  };

  test('takes expenses up to it, and they say what it was judged by', () => {
    expect(dataOf(when(capped(), spend('50')))).toMatchObject([
      { cap: { cap: id(3), basisPoints: 500, base: '1000', spent: '0', overridden: false } },
    ]);
    expect(dataOf(when(capped(spend('49')), spend('1')))).toMatchObject([{ cap: { spent: '49' } }]);
  });

  test('gives way to the person who may allow more, for what somebody else proposed', () => {
    const over = spend('51', { proposedBy: 'lan' }, 'chi');
    expect(dataOf(when(capped(), over))).toMatchObject([{ proposedBy: 'lan', cap: { overridden: true } }]);
    const other = spend('51', { proposedBy: 'lan' }, 'binh');
    expect(when(capped(), other)).toMatchObject({ error: { code: 'ADMIN_CAP_EXCEEDED' } });
    const nobody = given(openBook(), receive('1000'), setCap({ overrideApprover: null }));
    expect(when(nobody, over)).toMatchObject({ error: { code: 'ADMIN_CAP_EXCEEDED' } });
  });

  test('holds for its kinds only, and from its day on', () => {
    expect(dataOf(when(capped(), spend('900', { kind: 'other' })))).toMatchObject([{ cap: null }]);
    const day = '2026-01-31';
    const before = given(openBook(), receive('1000', { effectiveOn: day }), setCap());
    expect(dataOf(when(before, spend('900', { effectiveOn: day })))).toMatchObject([{ cap: null }]);
  });

  test.each<[string, Step, bigint]>([
    ['interest', earn('100'), 55n],
    ['a gift of the State budget', receive('100', { source: 'state-budget' }), 50n],
    ['a gift for one child', receive('100', { restriction: { beneficiary: 'b', place: 'bk' } }), 50n],
    ['a gift for a place', receive('100', { restriction: { place: 'bk' } }), 55n],
    ['bicycles', receive('100', { commodity: 'xe-dap', account: 'kho' }), 50n],
    ['euros', receive('100', { commodity: 'EUR' }), 50n],
    ['a refund', refund(id(2), '200'), 40n],
    ['a correction that takes away', correct(id(2), { amount: '800' }), 40n],
    ['a correction that adds, which it does not count', correct(id(2), { amount: '1200' }), 50n],
    ['another source', correct(id(2), { labels: { source: 'state-budget' } }), 0n],
    ['a reversal', reverseReceipt(id(2)), 0n],
  ])('after %s lets through what its base says', (_, step, left) => {
    expect(most(capped(receive('5000', { source: 'other' }), step))).toBe(left);
  });

  test('may be changed and lifted from a day on', () => {
    expect(most(capped(setCap({ basisPoints: 1000 })))).toBe(100n);
    expect(most(capped(setCap({ basisPoints: 1000, validFrom: '2026-01-01' })))).toBe(50n);
    expect(dataOf(when(capped(setCap({ basisPoints: null })), spend('900')))).toMatchObject([{ cap: null }]);
  });

  test('goes on in the next book, whose year begins with nothing', () => {
    const closed = capped(spend('20'), closeBook());
    const next = take(emptyWorld(), openBook({ year: 2027, effectiveOn: '2027-01-01' }, [closed.book]));
    expect(next.world.book.admin).toMatchObject({ caps: [{ cap: id(3), from: 2026, basisPoints: 500 }] });
    expect(next.world.book.admin.spent).toStrictEqual(new Map());
    expect(next.world.book.admin.income).toStrictEqual(new Map());
  });

  test('leaves disbursements alone', () => {
    expect(when(capped(), propose('900')).ok).toBe(true);
  });
});
