import { describe, expect, test } from 'vitest';
import { everything, onlyFunds } from '#access';
import { openMemoryLog } from '#event-log';
import { bookHistory, randomFrom } from '../../../../tests/support/book-history.ts';
import { BOOK_2026, type OpenedLedger, openedLedger } from '../../../../tests/support/opened-ledger.ts';
import { describeStores, projected } from '../../../../tests/support/stores.ts';
import { poolId, poolKey } from '../../domain/restriction.ts';
import { fundProjections } from '../index.ts';
import { readOpenItems } from '../open-items/open-items.ts';
import { readPoolBalances } from '../pool-balance/pool-balance.ts';
import { ageOf, daysBetween } from './ages.ts';
import { readOpenItemAges } from './open-item-ages.ts';
import { readExpiring, readGiftAges, readIdleAges } from './query-lots.ts';

const ALL = everything('kiem-toan');
const ON = '2024-12-31';

const SHAPE = {
  funds: ['qbt-06', 'qbt-08'],
  donors: 4,
  places: ['062-2021-01-01', '064-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am', 'xe-dap'],
  year: 2024,
  giftMax: 200,
  receiptsPercent: 25,
  receipts: 60,
};
const EVENTS = 250;

async function logOf(seed: number) {
  const log = openMemoryLog();
  let [position, count] = [0, 0];
  for (const { events: made, ...append } of bookHistory(SHAPE, randomFrom(seed))) {
    await log.append(append);
    position += made.length;
    count += made.length;
    if (count >= EVENTS) break;
  }
  return { log, head: position };
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

describeStores('ages over any history', (fresh) => {
  test.each([1, 2, 3])(
    'come to the balances at any two dates, pool by pool and lot by lot (%s)',
    async (seed) => {
      const { log, head } = await logOf(seed);
      const context = await projected(fresh, log, fundProjections, 50);
      const random = randomFrom(seed + 100);
      let lotsSeen = 0;
      for (let asked = 0; asked < 6; asked += 1) {
        const knownAt = asked === 0 ? head : 1 + random(head);
        const month = String(1 + random(12)).padStart(2, '0');
        const dates = asked < 2 ? { knownAt } : { knownAt, effectiveThrough: `2024-${month}-20` };
        const query = { scope: ALL, on: ON, ...dates };
        const idle = await readIdleAges(context, query);
        const pools = await readPoolBalances(context, { scope: ALL, ...dates });
        const available = pools.rows
          .map(({ key, sums }) => [key, sums.available] as const)
          .filter(([, amount]) => amount !== 0n);
        const told = idle.rows
          .map(({ pool, total, overdrawn }) => [pool, total - overdrawn] as const)
          .filter(([, amount]) => amount !== 0n);
        expect(told.toSorted()).toStrictEqual(available.toSorted());
        for (const { ages, total } of idle.rows) expect(sum(Object.values(ages))).toBe(total);
        for (const { pool, total } of idle.rows) {
          const { lots } = await readIdleAges(context, { ...query, pool });
          lotsSeen += lots.length;
          expect(sum(lots.map(({ amount }) => amount))).toBe(total);
          for (const [index, { from }] of lots.slice(1).entries())
            expect(from).toBeGreaterThanOrEqual(lots[index]?.to ?? 0n);
        }
        const gifts = await readGiftAges(context, { ...query, limit: 1_000 });
        expect(sum(gifts.rows.map(({ amount }) => amount))).toBe(sum(idle.rows.map(({ total }) => total)));
        expect(sum(gifts.sums.map(({ total }) => total))).toBe(sum(gifts.rows.map(({ amount }) => amount)));
        const items = await readOpenItems(context, { scope: ALL, limit: 1_000, ...dates });
        const open = await readOpenItemAges(context, query);
        expect(sum(open.rows.map(({ total }) => total))).toBe(sum(items.rows.map(({ amount }) => amount)));
      }
      expect(lotsSeen).toBeGreaterThan(0);
      await context.close();
    },
  );
});

const GIFT = { account: 'tien-mat', source: 'voluntary', commodity: 'VND', amount: '100' };

async function story(): Promise<OpenedLedger & { readonly first: string; readonly second: string }> {
  const ledger = await openedLedger();
  await ledger.made('open-book', BOOK_2026);
  for (const donor of ['nt-1', 'nt-2'])
    await ledger.made('register-donor', { donor, kind: 'organisation', effectiveOn: '2026-01-01' });
  const give = async (donor: string, effectiveOn: string): Promise<string> =>
    (
      await ledger.made('record-receipt', {
        ...GIFT,
        donor,
        effectiveOn,
        restriction: { group: 'mo-coi', until: '2026-08-31' },
      })
    ).id;
  const first = await give('nt-1', '2026-01-05');
  const second = await give('nt-2', '2026-06-01');
  // Moved in May: still as old as the gift it came from.
  await ledger.made('approve-allocation', {
    commodity: 'VND',
    amount: '40',
    designation: { group: 'mo-coi' },
    pools: [{ pool: POOL, amount: '40' }],
    proposedBy: 'an',
    effectiveOn: '2026-05-01',
  });
  return { ...ledger, first, second };
}

const POOL = 'qbt-06/VND/group=mo-coi;until=2026-08-31';
const AGES = { days0to30: 0n, days31to90: 0n, days91to180: 0n, days181to365: 0n, over365: 0n };

describeStores('ages', (fresh) => {
  test('of units that moved are those of the gift they came from', async () => {
    const { log, ledger, first, second } = await story();
    const context = await projected(fresh, log, fundProjections, 7);
    const { rows } = await readIdleAges(context, { scope: ALL, on: '2026-06-30' });
    const moved = poolId({ ...poolKey(POOL), designation: { group: 'mo-coi' } });
    expect(rows.map(({ pool, ages, total }) => [pool, ages, total])).toStrictEqual([
      [POOL, { ...AGES, days0to30: 100n, days91to180: 60n }, 160n],
      [moved, { ...AGES, days91to180: 40n }, 40n],
    ]);
    const gifts = await readGiftAges(context, { scope: ALL, on: '2026-06-30', limit: 1 });
    expect(gifts.rows).toStrictEqual([
      {
        receipt: first,
        donor: 'nt-1',
        fund: 'qbt-06',
        commodity: 'VND',
        amount: 100n,
        since: '2026-01-05',
        days: 176,
      },
    ]);
    expect(gifts.sums).toMatchObject([{ total: 200n, ages: { days0to30: 100n, days91to180: 100n } }]);
    const next = await readGiftAges(context, {
      scope: ALL,
      on: '2026-06-30',
      limit: 1,
      ...(gifts.next !== null && { after: gifts.next }),
    });
    expect([next.rows.map(({ receipt }) => receipt), next.next]).toStrictEqual([[second], null]);
    const hidden = await readGiftAges(context, {
      scope: onlyFunds('khach', ['qbt-19']),
      on: '2026-06-30',
      limit: 5,
    });
    expect(hidden.rows).toStrictEqual([]);
    await context.close();
    await ledger.close();
  });

  test('of what ends soon: days left, what is free, and the gifts behind it', async () => {
    const { log, ledger, first, second } = await story();
    const context = await projected(fresh, log, fundProjections, 7);
    const asked = { scope: ALL, on: '2026-06-30' };
    const { rows } = await readExpiring(context, { ...asked, within: 90 });
    expect(rows.map(({ until, daysLeft, amount }) => [until, daysLeft, amount])).toStrictEqual([
      ['2026-08-31', 62, 160n],
      ['2026-08-31', 62, 40n],
    ]);
    expect(rows[0]?.gifts).toStrictEqual([
      { receipt: second, donor: 'nt-2', amount: 100n },
      { receipt: first, donor: 'nt-1', amount: 60n },
    ]);
    expect((await readExpiring(context, { ...asked, within: 61 })).rows).toStrictEqual([]);
    const past = await readExpiring(context, { scope: ALL, on: '2026-09-30', within: 0 });
    expect(past.rows.map(({ daysLeft }) => daysLeft)).toStrictEqual([-30, -30]);
    const before = await readExpiring(context, { ...asked, within: 90, effectiveThrough: '2026-04-30' });
    expect(before.rows.map(({ amount }) => amount)).toStrictEqual([100n]);
    await context.close();
    await ledger.close();
  });
});

describe('an age', () => {
  test('ends with its last day', () => {
    expect([-5, 0, 30, 31, 90, 91, 180, 181, 365, 366].map(ageOf)).toStrictEqual([
      'days0to30',
      'days0to30',
      'days0to30',
      'days31to90',
      'days31to90',
      'days91to180',
      'days91to180',
      'days181to365',
      'days181to365',
      'over365',
    ]);
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
  });
});
