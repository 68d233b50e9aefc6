import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refuse } from '#kernel';
import { buy, sell } from '../../../tests/support/exchange.ts';
import {
  type Step,
  given,
  id,
  openAccount,
  openBook,
  receive,
  reverseReceipt,
  when,
} from '../../../tests/support/funds.ts';
import type { CurrencyExchanged } from './events-exchange.ts';
import { valueByRate } from './rate.ts';

const RATE = { perUnit: '27150.5', on: '2026-02-27', source: 'vcb' };
const euro = (amount: string, change: Parameters<typeof receive>[1] = {}): Step =>
  receive(amount, { commodity: 'EUR', account: 'nh-eur', source: 'foreign-aid', rate: RATE, ...change });
const opened = (...more: Step[]) =>
  given(openBook(), openAccount({ account: 'nh-eur', kind: 'bank' }), ...more);

describe('foreign money received', () => {
  test('keeps its rate, the day of it, whose it is, and what it is worth in đồng', () => {
    const decided = when(opened(), euro('12345'));
    expect(decided.ok && decided.value[0]?.data).toMatchObject({ rate: { ...RATE, base: '3351729' } });
  });

  test('given no rate then it is worth nobody knows what, and nothing is said', () => {
    const decided = when(opened(), euro('12345', { rate: null }));
    expect(decided.ok && Object.keys(decided.value[0]?.data ?? {})).not.toContain('rate');
  });

  test('given a receipt reversed and recorded again then the rate stays', () => {
    const world = opened(euro('12345'));
    const decided = when(
      world,
      reverseReceipt(id(3), { recordAgain: { restriction: {}, amount: '10000', account: null } }),
    );
    expect(decided.ok && decided.value[0]?.data).toMatchObject({ rate: { ...RATE, base: '2715050' } });
  });

  test('then a rate is exact: half a đồng goes up, however many digits it has', () => {
    const cents = fc.bigInt({ min: 1n, max: 10n ** 9n });
    const digits = fc.tuple(fc.nat(99_999), fc.nat(9_999_999_999));
    fc.assert(
      fc.property(cents, digits, (amount, [whole, fraction]) => {
        const perUnit = `${whole + 1}.${String(fraction).padStart(10, '0')}`;
        const found = valueByRate('EUR', amount, { ...RATE, perUnit });
        const exact = amount * (BigInt(whole + 1) * 10n ** 10n + BigInt(fraction));
        const per = 10n ** 12n;
        const near = exact / per + ((exact % per) * 2n >= per ? 1n : 0n);
        expect(found).toStrictEqual(
          near === 0n
            ? refuse('RATE_INVALID', { rate: perUnit })
            : { ok: true, value: { ...RATE, perUnit, base: String(near) } },
        );
      }),
    );
  });
});

describe('foreign money sold', () => {
  test('given two pools then each gets đồng under its own restriction, which add up', () => {
    const world = opened(euro('300'), euro('100', { restriction: { programme: 'ao-am' } }));
    const decided = when(
      world,
      sell('350', '95001', {
        pools: [
          { pool: 'qbt-06/EUR/general', amount: '250' },
          { pool: 'qbt-06/EUR/programme=ao-am', amount: '100' },
        ],
      }),
    );
    const [exchanged] = decided.ok ? decided.value.map(({ data }) => data as CurrencyExchanged) : [];
    expect(
      exchanged?.exchanges.map(({ from, drawn, to }) => [from.pool, drawn, to.pool, to.minted]),
    ).toStrictEqual([
      ['qbt-06/EUR/general', '250', 'qbt-06/VND/general', ['0', '67857']],
      ['qbt-06/EUR/programme=ao-am', '100', 'qbt-06/VND/programme=ao-am', ['0', '27144']],
    ]);
    expect(exchanged?.voucher).toBe('DC-000001');
  });

  test('given one pool then it need not be named; more than it has is refused', () => {
    const world = opened(euro('300'));
    expect(when(world, sell('300', '81000'))).toMatchObject({ ok: true });
    expect(when(world, sell('301', '81000'))).toStrictEqual(
      refuse('POOL_OVERDRAWN', { pool: 'qbt-06/EUR/general', asked: '301', free: '300' }),
    );
    expect(when(opened(), sell('1', '270'))).toStrictEqual(
      refuse('POOLS_INSUFFICIENT', { asked: '1', free: '0', commodity: 'EUR' }),
    );
  });

  test('given goods bought for euro then they stand in the store, and euro left the bank', () => {
    const world = opened(euro('30000'), buy('2', '20000', { commodity: 'EUR', account: 'nh-eur' }));
    expect(world.book.pools.get('qbt-06/xe-dap/general')?.free).toStrictEqual([{ from: 0n, to: 2n }]);
    expect(world.book.pools.get('qbt-06/EUR/general')?.free).toStrictEqual([{ from: 20_000n, to: 30_000n }]);
  });
});
