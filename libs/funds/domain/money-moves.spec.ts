import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bookHistory, randomFrom } from '../../../tests/support/book-history.ts';
import type { LedgerEvent } from '#kernel';
import type { BookEvent } from './events.ts';
import { moneyMovesOf } from './money-moves.ts';
import { postingsOf } from './postings.ts';

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
const EVENTS = 150;
const RUNS = 25;

const add = (sums: Map<string, bigint>, key: string, amount: bigint): void => {
  const sum = (sums.get(key) ?? 0n) + amount;
  if (sum === 0n) sums.delete(key);
  else sums.set(key, sum);
};

test('what a bank statement can show is what the postings say of every own account (property)', () => {
  const moving = new Set<string>();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const [moved, posted] = [new Map<string, bigint>(), new Map<string, bigint>()];
      let count = 0;
      for (const { events } of bookHistory(SHAPE, randomFrom(seed))) {
        for (const recorded of events as readonly LedgerEvent[]) {
          if (!recorded.stream.startsWith('book-')) continue;
          const event = recorded as BookEvent;
          const moves = moneyMovesOf(event);
          if (moves.length > 0) moving.add(event.type);
          for (const { account, commodity, amount, direction } of moves)
            add(moved, `${account} ${commodity}`, direction === 'in' ? amount : -amount);
          for (const { account, commodity, amount } of postingsOf(event)) {
            const own = /^asset\/qbt-06\/(.+)$/.exec(account)?.[1];
            if (own !== undefined) add(posted, `${own} ${commodity}`, amount);
          }
        }
        // After whole commands only: parts of one say their amount once.
        expect(moved).toStrictEqual(posted);
        count += events.length;
        if (count >= EVENTS) break;
      }
    }),
    { numRuns: RUNS },
  );
  expect(moving.size).toBeGreaterThan(5);
});
