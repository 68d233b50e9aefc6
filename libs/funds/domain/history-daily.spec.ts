import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LedgerEvent, shortOf, sizeOf } from '#kernel';
import { bookHistory, randomFrom } from '../../../tests/support/book-history.ts';
import { type BookState, bookKind } from './book.ts';
import type { BookEvent } from './events.ts';
import { movementsOf, poolUsesOf } from './movements.ts';
import { itemChangesOf } from './open-items.ts';
import { postingsOf } from './postings.ts';

/** Whatever happens in a book, daily money among it: the sides agree after every command. */

const SHAPE = {
  funds: ['qbt-06'],
  donors: 3,
  places: ['062-2021-01-01', '064-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am', 'xe-dap'],
  year: 2024,
  giftMax: 200,
  receiptsPercent: 25,
  receipts: 60,
};

const add = (sums: Map<string, bigint>, key: string, amount: bigint): void => {
  const sum = (sums.get(key) ?? 0n) + amount;
  if (sum === 0n) sums.delete(key);
  else sums.set(key, sum);
};

interface Sums {
  readonly accounts: Map<string, bigint>;
  /** What own accounts hold, by account and commodity. */
  readonly balances: Map<string, bigint>;
  readonly pools: Map<string, bigint>;
  readonly items: Map<string, bigint>;
}

function count(event: BookEvent, { accounts, balances, pools, items }: Sums): void {
  const perCommodity = new Map<string, bigint>();
  for (const { account, commodity, amount } of postingsOf(event)) {
    add(perCommodity, commodity, amount);
    add(accounts, account, amount);
    const own = /^asset\/qbt-06\/(.+)$/.exec(account)?.[1];
    if (own !== undefined) add(balances, `${own} ${commodity}`, amount);
  }
  expect([event.type, perCommodity]).toStrictEqual([event.type, new Map()]);
  for (const { pool, measure, amount } of [...movementsOf(event), ...poolUsesOf(event)])
    if (pool !== null) add(pools, `${measure} ${pool}`, amount);
  for (const { kind, item, amount } of itemChangesOf(event)) add(items, `${kind} ${item}`, amount);
}

function agree(book: BookState, { accounts, balances, pools, items }: Sums): void {
  for (const [id, pool] of book.pools) {
    const of = (measure: string): bigint => pools.get(`${measure} ${id}`) ?? 0n;
    const of2 = (account: string): bigint => accounts.get(`${account}/${id}`) ?? 0n;
    const free = sizeOf(pool.free);
    expect([id, of('available'), -of2('free')]).toStrictEqual([id, free, free]);
    expect([id, of('short'), of2('shortfall')]).toStrictEqual([id, shortOf(pool), shortOf(pool)]);
    expect(-of2('committed')).toBe(of('committed'));
    expect(of('received') + of('movedIn') - of('movedOut') + of('short')).toBe(
      of('available') + of('committed') + of('paid') + of('lost'),
    );
  }
  expect(book.balances).toStrictEqual(balances);
  expect(items).toStrictEqual(
    new Map([...book.items].map(([item, { kind, left }]) => [`${kind} ${item}`, left])),
  );
}

/** Accounts that stand for open items, by the first part of their name. */
const ITEM_ACCOUNTS: Readonly<Record<string, string>> = {
  advance: 'advance',
  charge: 'charge',
  shortage: 'missing',
  'supplier-debt': 'debt',
  surplus: 'surplus',
  transit: 'transit',
  unidentified: 'holding',
};

function openAccountsAgree(book: BookState, { accounts }: Sums): void {
  const asked = new Map<string, bigint>();
  for (const { kind, account, left } of book.items.values())
    add(asked, `${ITEM_ACCOUNTS[kind]}/${book.fund}/${account}`, left);
  const posted = [...accounts].filter(([name]) =>
    Object.values(ITEM_ACCOUNTS).includes(name.slice(0, name.indexOf('/'))),
  );
  const size = (sum: bigint): bigint => (sum < 0n ? -sum : sum);
  expect(new Map(posted.map(([name, sum]) => [name, size(sum)]))).toStrictEqual(
    new Map([...asked].filter(([, left]) => left !== 0n)),
  );
}

/** The types of daily money that a run has to have seen: one that does nothing would prove nothing. */
const SEEN: readonly BookEvent['type'][] = [
  'book.admin-cap-set.v1',
  'book.advance-paid.v1',
  'book.advance-returned.v1',
  'book.advance-settled.v1',
  'book.cash-counted.v1',
  'book.charge-paid.v1',
  'book.count-difference-booked.v1',
  'book.count-difference-resolved.v1',
  'book.expense-recorded.v1',
  'book.currency-exchanged.v1',
  'book.currency-revalued.v1',
  'book.goods-bought.v1',
  'book.income-recorded.v1',
  'book.money-arrived.v1',
  'book.money-sent.v1',
  'book.receipt-identified.v1',
  'book.supplier-debt-recorded.v1',
  'book.supplier-debt-reduced.v1',
  'book.supplier-paid.v1',
  'book.unidentified-receipt-recorded.v1',
  'book.unidentified-receipt-returned.v1',
];

test('a book with daily money agrees with itself after every command of any history', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 100, max: 400 }), (seed, length) => {
      const book = bookKind.initial('book-qbt-06-2024');
      const sums: Sums = { accounts: new Map(), balances: new Map(), pools: new Map(), items: new Map() };
      let events: LedgerEvent[] = [];
      for (const made of bookHistory(SHAPE, randomFrom(seed))) {
        for (const event of made.events) {
          bookKind.evolve(book, event);
          count(event as BookEvent, sums);
          seen.add(event.type);
        }
        agree(book, sums);
        openAccountsAgree(book, sums);
        events = [...events, ...made.events];
        if (events.length >= length) break;
      }
    }),
    // Histories that have every event; the others are random.
    {
      numRuns: 35,
      examples: [
        [1, 400],
        [4, 400],
      ],
    },
  );
  expect(SEEN.filter((type) => !seen.has(type))).toStrictEqual([]);
});
