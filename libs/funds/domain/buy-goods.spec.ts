import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refuse } from '#kernel';
import { buy } from '../../../tests/support/exchange.ts';
import {
  approve,
  given,
  id,
  listGood,
  openBook,
  pay,
  propose,
  receive,
  refund,
  reverseReceipt,
  take,
  when,
} from '../../../tests/support/funds.ts';
import type { GoodsBought } from './events-exchange.ts';
import { moneyMovesOf } from './money-moves.ts';
import { postingsOf } from './postings.ts';

const PROGRAMME = 'qbt-06/VND/programme=xe-dap';
const GENERAL = 'qbt-06/VND/general';

const boughtIn = (step: ReturnType<typeof buy>, world: ReturnType<typeof given>): GoodsBought[] => {
  const decided = when(world, step);
  return decided.ok ? decided.value.map(({ data }) => data as GoodsBought) : [];
};

/** What each pool paid, and which goods it got for that. */
const shares = (bought: readonly GoodsBought[]): unknown[] =>
  bought.flatMap(({ exchanges }) =>
    exchanges.map(({ from, drawn, to }) => [from.pool, drawn, to.pool, to.minted]),
  );

describe('buying goods', () => {
  test('given a programme and general money then the programme pays for as many whole goods as it can', () => {
    const world = given(
      openBook(),
      receive('700', { restriction: { programme: 'xe-dap' } }),
      receive('2000'),
    );
    expect(shares(boughtIn(buy('4', '1000', { programme: 'xe-dap' }), world))).toStrictEqual([
      [PROGRAMME, '500', 'qbt-06/xe-dap/programme=xe-dap', ['0', '2']],
      [GENERAL, '500', 'qbt-06/xe-dap/general', ['0', '2']],
    ]);
  });

  test('given no programme named then only general money is used', () => {
    const world = given(
      openBook(),
      receive('700', { restriction: { programme: 'xe-dap' } }),
      receive('2000'),
    );
    expect(shares(boughtIn(buy('3', '1000'), world))).toStrictEqual([
      [GENERAL, '1000', 'qbt-06/xe-dap/general', ['0', '3']],
    ]);
  });

  test('given pools named then each pays for its goods, and roundings add up to the cost', () => {
    const world = given(
      openBook(),
      receive('700', { restriction: { programme: 'xe-dap' } }),
      receive('2000'),
    );
    const pools = [
      { pool: GENERAL, quantity: '2' },
      { pool: PROGRAMME, quantity: '1' },
    ];
    expect(shares(boughtIn(buy('3', '1000', { programme: 'xe-dap', pools }), world))).toStrictEqual([
      [GENERAL, '666', 'qbt-06/xe-dap/general', ['0', '2']],
      [PROGRAMME, '334', 'qbt-06/xe-dap/programme=xe-dap', ['0', '1']],
    ]);
    const wrong = [{ pool: PROGRAMME, quantity: '2' }];
    expect(when(world, buy('3', '1000', { programme: 'xe-dap', pools: wrong }))).toStrictEqual(
      refuse('PARTS_DO_NOT_SUM', { whole: '3', sum: '2' }),
    );
    expect(when(world, buy('3', '1000', { pools }))).toStrictEqual(
      refuse('RESTRICTION_BROKEN', { pool: PROGRAMME }),
    );
  });

  test('given who proposed it then only somebody else records it', () => {
    const world = given(openBook(), receive('2000'));
    expect(when(world, buy('3', '1000', { proposedBy: 'chi' }))).toStrictEqual(
      refuse('MAKER_IS_CHECKER', { person: 'chi' }),
    );
  });

  test('then money leaves one account, goods come into the other, and both sides balance', () => {
    const world = given(openBook(), receive('2000'), buy('3', '1000'));
    const [event] = world.log.slice(-1);
    expect(event && postingsOf(event)).toStrictEqual([
      { account: `free/${GENERAL}`, commodity: 'VND', amount: 1000n },
      { account: 'asset/qbt-06/tien-mat', commodity: 'VND', amount: -1000n },
      { account: 'asset/qbt-06/kho', commodity: 'xe-dap', amount: 3n },
      { account: 'free/qbt-06/xe-dap/general', commodity: 'xe-dap', amount: -3n },
    ]);
    expect(
      event &&
        moneyMovesOf(event).map(({ account, amount, direction, voucher }) => [
          account,
          amount,
          direction,
          voucher,
        ]),
    ).toStrictEqual([
      ['tien-mat', 1000n, 'out', 'PC-000001'],
      ['kho', 3n, 'in', null],
    ]);
  });

  test('given goods handed over then their gift can not be paid back, and reversing it needs cover', () => {
    const world = given(
      openBook(),
      receive('1000'),
      buy('2', '1000'),
      propose('1', { commodity: 'xe-dap' }),
      approve(id(4)),
      pay(id(4), { account: 'kho' }),
    );
    expect(when(world, refund(id(2), '1'))).toMatchObject({ ok: false });
    const reversed = take(world, reverseReceipt(id(2), { kind: 'bank-reversal' }));
    expect(reversed.decided).toMatchObject({ ok: true });
    expect(reversed.world.book.pools.get(GENERAL)?.shortfalls).toStrictEqual([
      { id: id(3), units: [{ from: 0n, to: 1000n }] },
    ]);
    // The next gift of money stands in for it, not the goods.
    const { world: covered } = take(reversed.world, receive('1500'));
    expect(covered.book.pools.get(GENERAL)?.shortfalls).toStrictEqual([]);
    expect(covered.book.pools.get(GENERAL)?.free).toStrictEqual([{ from: 2000n, to: 2500n }]);
  });

  test('given any pools then shares are whole, their costs add up, and none pays more than it has', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        amounts,
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 60 }),
        (gifts, cost, quantity) => {
          const programmes = ['a', 'b', 'c'];
          const world = given(
            openBook(),
            listGood(),
            ...gifts.map((amount, at) =>
              receive(String(amount), {
                restriction: { programme: 'xe-dap', ...(at > 0 && { purpose: programmes[at - 1] ?? '' }) },
              }),
            ),
          );
          const bought = boughtIn(
            buy(String(quantity), String(cost), { programme: 'xe-dap', purpose: 'a' }),
            world,
          ).flatMap(({ exchanges }) => exchanges);
          fc.pre(bought.length > 0);
          expect(bought.reduce((sum, { drawn }) => sum + BigInt(drawn), 0n)).toBe(BigInt(cost));
          expect(
            bought.reduce((sum, { to: { minted } }) => sum + BigInt(minted[1]) - BigInt(minted[0]), 0n),
          ).toBe(BigInt(quantity));
          for (const { from, drawn } of bought)
            expect(BigInt(drawn)).toBeLessThanOrEqual(world.book.pools.get(from.pool)?.minted ?? 0n);
        },
      ),
      { numRuns: 200 },
    );
  });
});
