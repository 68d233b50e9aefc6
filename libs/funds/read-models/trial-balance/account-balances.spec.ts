import fc from 'fast-check';
import { expect, test } from 'vitest';
import { everything } from '#access';
import { openMemoryLog } from '#event-log';
import { bookHistory, randomFrom } from '../../../../tests/support/book-history.ts';
import { describeStores, projected } from '../../../../tests/support/stores.ts';
import { bookKind } from '../../domain/book.ts';
import { fundProjections, readAccountBalances } from '../index.ts';

const SHAPE = {
  funds: ['qbt-06', 'qbt-19'],
  donors: 3,
  places: ['062-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am'],
  year: 2024,
  giftMax: 40,
  receiptsPercent: 20,
  receipts: 60,
};
const EVENTS = 120;
const ALL = everything('kiem-toan');

describeStores('balances of own accounts', (fresh) => {
  test('are what the books themselves hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const log = openMemoryLog();
        const books = new Map(SHAPE.funds.map((fund) => [fund, bookKind.initial(`book-${fund}-2024`)]));
        let count = 0;
        for (const { events, ...append } of bookHistory(SHAPE, randomFrom(seed))) {
          await log.append(append);
          for (const event of events)
            for (const [fund, book] of books)
              if (event.stream === `book-${fund}-2024`) bookKind.evolve(book, event);
          count += events.length;
          if (count >= EVENTS) break;
        }
        const context = await projected(fresh, log, fundProjections, 1 + (seed % 11));
        const { rows } = await readAccountBalances(context, { scope: ALL });
        const read = new Map(rows.map((r) => [`${r.fund} ${r.account} ${r.commodity}`, r.amount]));
        const held = [...books].flatMap(([fund, { balances }]) =>
          [...balances].map(([key, amount]): [string, bigint] => [`${fund} ${key}`, amount]),
        );
        expect(read).toStrictEqual(new Map(held));
        await context.close();
      }),
      { numRuns: 6 },
    );
  });
});
