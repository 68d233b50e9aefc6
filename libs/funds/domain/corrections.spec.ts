import { refuse } from '#kernel';
import { describe, expect, test } from 'vitest';
import {
  type Step,
  type World,
  allocate,
  approve,
  correct,
  deliver,
  giveBack,
  given,
  historyOf,
  id,
  openBook,
  pay,
  propose,
  receive,
  reduce,
  refund,
  release,
  reverseReceipt,
  take,
  voidVoucher,
  when,
} from '../../../tests/support/funds.ts';
import { nextYear } from '../../../tests/support/periods.ts';

const POOL = 'qbt-06/VND/general';
/** Gift 2 of 100 đ and gift 3 of 50 đ in one pool. */
const two = (...more: Step[]): World =>
  given(openBook(), receive('100', { donor: 'a' }), receive('50', { donor: 'b' }), ...more);
const GIFT = id(2);

const dataOf = (world: World, step: Step): unknown[] => {
  const decided = when(world, step);
  if (!decided.ok) throw new Error(JSON.stringify(decided.error));
  return decided.value.map(({ type, data }) => ({ type, ...(data as object) }));
};
const freeIn = (world: World, pool = POOL): unknown => world.book.pools.get(pool)?.free;

describe('a receipt whose donor is corrected', () => {
  test('keeps its units, and says who was named before', () => {
    const world = two(correct(GIFT, { labels: { donor: 'c', place: 'bk.ns' } }));
    expect(world.log.at(-1)).toMatchObject({
      type: 'book.receipt-corrected.v1',
      data: {
        corrects: GIFT,
        originalBook: null,
        reason: 'ghi-sai',
        voucher: 'DC-000001',
        was: { donor: 'a', place: null },
        now: { donor: 'c', place: 'bk.ns' },
      },
    });
    expect(freeIn(world)).toStrictEqual([{ from: 0n, to: 150n }]);
  });

  test('and corrected again, says so of what it says now', () => {
    const world = two(correct(GIFT, { labels: { donor: 'c' } }), correct(GIFT, { labels: { donor: 'd' } }));
    expect(world.log.at(-1)).toMatchObject({ data: { was: { donor: 'c' }, now: { donor: 'd' } } });
  });
});

describe('a receipt whose amount is corrected', () => {
  test('upwards, mints the difference as the next units of its pool', () => {
    expect(dataOf(two(), correct(GIFT, { amount: '130' }))).toMatchObject([
      { type: 'book.receipt-adjusted.v1', was: '100', now: '130', minted: ['150', '180'], voided: [] },
    ]);
  });

  test('downwards, voids the last of its free units', () => {
    const world = two(propose('60'), approve(id(4)), correct(GIFT, { amount: '70' }));
    expect(world.log.at(-1)).toMatchObject({ data: { voided: [['70', '100']], minted: null } });
    expect(freeIn(world)).toStrictEqual([
      { from: 60n, to: 70n },
      { from: 100n, to: 150n },
    ]);
  });

  test('together with its donor, is two facts with two vouchers', () => {
    expect(dataOf(two(), correct(GIFT, { amount: '90', labels: { donor: 'c' } }))).toMatchObject([
      { type: 'book.receipt-corrected.v1', voucher: 'DC-000001' },
      { type: 'book.receipt-adjusted.v1', voucher: 'DC-000002', donor: 'c' },
    ]);
  });

  test('and reversed later, is reversed with the units of both', () => {
    const world = two(correct(GIFT, { amount: '130' }), reverseReceipt(GIFT));
    expect(world.log.at(-1)).toMatchObject({
      data: {
        amount: '130',
        voided: [
          ['0', '100'],
          ['150', '180'],
        ],
        covered: [],
        short: [],
      },
    });
  });
});

describe('a receipt that is reversed', () => {
  test('unused, has its units voided', () => {
    const world = two(reverseReceipt(GIFT));
    expect(freeIn(world)).toStrictEqual([{ from: 100n, to: 150n }]);
    expect(world.log.at(-1)).toMatchObject({ data: { voided: [['0', '100']], voucher: 'DC-000001' } });
  });

  test('used in part, has what was used covered by equal units of the pool', () => {
    const world = two(propose('30'), approve(id(4)), reverseReceipt(GIFT));
    expect(world.log.at(-1)).toMatchObject({
      data: {
        voided: [['30', '100']],
        covered: [{ use: id(4), replaced: [['0', '30']], by: [['100', '130']] }],
        short: [],
      },
    });
    expect(world.book.open.get(id(4))?.held).toStrictEqual([
      { pool: POOL, units: [{ from: 100n, to: 130n }] },
    ]);
  });

  test('used more than the pool has left, lists the rest, which the next units fill', () => {
    const world = two(propose('80'), approve(id(4)), pay(id(4)), reverseReceipt(GIFT));
    expect(world.log.at(-1)).toMatchObject({
      data: {
        covered: [{ use: id(4), replaced: [['0', '50']], by: [['100', '150']] }],
        short: [{ use: id(4), units: [['50', '80']] }],
      },
    });
    expect(dataOf(world, receive('100'))).toMatchObject([
      { type: 'book.receipt-recorded.v1', minted: ['150', '250'] },
      {
        type: 'book.shortfall-settled.v1',
        covered: [{ use: id(4), replaced: [['50', '80']], by: [['150', '180']] }],
        lifted: [],
      },
    ]);
    const { world: after } = take(world, receive('100'));
    expect([freeIn(after), after.book.short.size]).toStrictEqual([[{ from: 180n, to: 250n }], 0]);
  });

  test('and short, needs no cover for what its use gives back', () => {
    const world = two(propose('150'), approve(id(4)), pay(id(4)), reverseReceipt(GIFT));
    const step = giveBack(id(4), [{ line: 0, amount: '120' }]);
    expect(dataOf(world, step)).toMatchObject([
      { type: 'book.disbursement-returned.v1', restored: [{ pool: POOL, units: [['30', '150']] }] },
      {
        type: 'book.shortfall-settled.v1',
        covered: [{ use: id(4), replaced: [['0', '30']], by: [['100', '130']] }],
        lifted: [{ use: id(4), units: [['30', '100']] }],
      },
    ]);
    expect(freeIn(take(world, step).world)).toStrictEqual([{ from: 130n, to: 150n }]);
  });

  test('and recorded again under another restriction, is one decision', () => {
    const again = { restriction: { group: 'mo-coi' }, amount: null, account: null };
    expect(dataOf(two(), reverseReceipt(GIFT, { recordAgain: again }))).toMatchObject([
      {
        type: 'book.receipt-recorded.v1',
        receipt: id(4),
        voucher: 'PT-000003',
        donor: 'a',
        amount: '100',
        pool: 'qbt-06/VND/group=mo-coi',
      },
      { type: 'book.receipt-reversed.v1', receipt: GIFT, recordedAgain: id(4) },
    ]);
  });

  test('behind an allocation, has other units come back when that is reduced', () => {
    const world = two(allocate('40'), reverseReceipt(GIFT));
    expect(world.log.at(-1)).toMatchObject({
      data: { covered: [{ use: id(4), replaced: [['0', '40']], by: [['100', '140']] }] },
    });
    const { world: after } = take(world, reduce(id(4), '15'));
    expect(after.log.at(-1)).toMatchObject({
      data: { undone: [{ restored: { pool: POOL, units: [['125', '140']] } }] },
    });
  });

  test('of which the past is not known whole, is tried again', () => {
    const world = two(propose('30'), approve(id(4)));
    const step = reverseReceipt(GIFT, {}, (history) => history.slice(0, 1));
    expect(when(world, step)).toStrictEqual(refuse('HISTORY_BEHIND', { item: GIFT }));
  });
});

describe('a refund', () => {
  test('voids the last free units of the gift and is paid with a voucher', () => {
    const world = two(propose('30'), approve(id(4)), refund(GIFT, '20'));
    expect(world.log.at(-1)).toMatchObject({
      data: { voucher: 'PC-000001', account: 'tien-mat', donor: 'a', voided: [['80', '100']] },
    });
  });

  test('leaves the rest to be reversed', () => {
    const world = two(refund(GIFT, '20'), reverseReceipt(GIFT));
    expect(world.log.at(-1)).toMatchObject({ data: { amount: '80', voided: [['0', '80']] } });
  });
});

describe('a voucher that is voided', () => {
  test('is written anew under the next number, and the series goes on after that', () => {
    const world = two(voidVoucher(GIFT, 'PT-000001'), receive('1'));
    expect(world.log.slice(-2)).toMatchObject([
      { data: { corrects: GIFT, voucher: 'PT-000001', replacedBy: 'PT-000003', kind: 'receipt' } },
      { data: { voucher: 'PT-000004' } },
    ]);
  });

  test('can be the one that was written anew', () => {
    const world = two(voidVoucher(GIFT, 'PT-000001'), voidVoucher(GIFT, 'PT-000003'));
    expect(world.log.at(-1)).toMatchObject({ data: { voucher: 'PT-000003', replacedBy: 'PT-000004' } });
  });

  test('of a payment is of its own series', () => {
    const world = two(propose('30'), approve(id(4)), pay(id(4)), voidVoucher(id(4), 'PC-000001'));
    expect(world.log.at(-1)).toMatchObject({ data: { kind: 'payment', replacedBy: 'PC-000002' } });
  });
});

describe('a restriction that is released', () => {
  const LIMITED = 'qbt-06/VND/group=mo-coi;place=bk.ns;until=2026-02-28';
  const world = (): World =>
    given(
      openBook(),
      receive('100', {
        restriction: { group: 'mo-coi', place: 'bk.ns', until: '2026-02-28' },
        effectiveOn: '2026-02-01',
      }),
    );

  test('by consent moves units into the wider one', () => {
    expect(dataOf(world(), release(LIMITED, '60', { restriction: { place: 'bk' } }))).toMatchObject([
      {
        type: 'book.restriction-released.v1',
        ground: 'donor-consent',
        files: ['ef'.repeat(32)],
        moves: [
          {
            from: { pool: LIMITED, units: [['0', '60']] },
            to: { pool: 'qbt-06/VND/place=bk', minted: ['0', '60'] },
          },
        ],
      },
    ]);
  });

  test('after its last day needs no other evidence', () => {
    const step = release(LIMITED, '60', { ground: 'expired', files: [] });
    expect(dataOf(world(), step)).toMatchObject([{ ground: 'expired', moves: [{ to: { pool: POOL } }] }]);
  });

  test('is not decided by whoever proposed it', () => {
    const step = release(LIMITED, '60', { proposedBy: 'chi' });
    expect(when(world(), step)).toStrictEqual(refuse('MAKER_IS_CHECKER', { person: 'chi' }));
  });
});

const IN_2025 = { effectiveOn: '2025-06-01' };

describe('what a closed book holds', () => {
  const past = [
    receive('100', { donor: 'a', ...IN_2025 }),
    propose('30', IN_2025),
    approve(id(3), IN_2025),
    pay(id(3), IN_2025),
    deliver(id(3), IN_2025),
  ];

  test('a receipt is reversed in the open book, which names the closed one', () => {
    const world = nextYear([...past]);
    expect(historyOf(world, GIFT).length).toBeGreaterThan(0);
    const { world: after, decided } = take(world, reverseReceipt(GIFT));
    expect(decided.ok).toBe(true);
    expect(after.log.at(-1)).toMatchObject({
      stream: 'book-qbt-06-2026',
      data: {
        corrects: GIFT,
        originalBook: 'book-qbt-06-2025',
        voided: [['30', '100']],
        short: [{ use: id(3), units: [['0', '30']] }],
      },
    });
    expect(after.book.short).toStrictEqual(new Set([POOL]));
  });

  test('a payment comes back into the open book', () => {
    const { world: after } = take(nextYear([...past]), giveBack(id(3), [{ line: 0, amount: '10' }]));
    expect(after.log.at(-1)).toMatchObject({
      type: 'book.disbursement-returned.v1',
      stream: 'book-qbt-06-2026',
      data: {
        originalBook: 'book-qbt-06-2025',
        afterDelivery: true,
        restored: [{ pool: POOL, units: [['20', '30']] }],
      },
    });
    const back = take(after, giveBack(id(3), [{ line: 0, amount: '21' }]));
    expect(back.decided).toStrictEqual(refuse('RETURN_TOO_LARGE', { line: '0', asked: '21', left: '20' }));
  });

  test('a shortfall is carried into the next book, whose units fill it', () => {
    const world = nextYear([...past, reverseReceipt(GIFT, IN_2025)]);
    expect(world.log.at(-1)).toMatchObject({
      type: 'book.shortfall-carried.v1',
      data: { pool: POOL, short: [{ use: id(3), units: [['0', '30']] }] },
    });
    const { world: after } = take(world, receive('100'));
    expect(freeIn(after)).toStrictEqual([{ from: 130n, to: 200n }]);
  });
});
