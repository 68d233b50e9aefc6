import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bookHistory, randomFrom } from '../../../tests/support/book-history.ts';
import { bookKind, toWire } from './book.ts';
import { changesFree, freeChangesOf } from './free-units.ts';

const SHAPE = {
  funds: ['qbt-06'],
  donors: 3,
  places: ['062-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am', 'xe-dap'],
  year: 2024,
  giftMax: 200,
  receiptsPercent: 25,
  receipts: 60,
};
const EVENTS = 200;

/** The runs of units whose changes sum to 1, in order. */
function runs(borders: ReadonlyMap<bigint, bigint>): [string, string][] {
  const found: [string, string][] = [];
  let [sum, from] = [0n, 0n];
  for (const [at, change] of [...borders].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    expect([0n, 1n]).toContain(sum);
    if (sum === 1n && change !== 0n) found.push([String(from), String(at)]);
    if (change !== 0n) from = at;
    sum += change;
  }
  expect(sum).toBe(0n);
  return found;
}

test('the changes of all events come to the free units of every pool, unit by unit (property)', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      const book = bookKind.initial('book-qbt-06-2024');
      const pools = new Map<string, Map<bigint, bigint>>();
      let count = 0;
      for (const { events } of bookHistory(SHAPE, randomFrom(seed))) {
        const touched = new Set<string>();
        for (const event of events) {
          bookKind.evolve(book, event);
          const changes = freeChangesOf(event);
          expect([event.type, changes.length > 0 && !changesFree(event.type)]).toStrictEqual([
            event.type,
            false,
          ]);
          for (const { pool, units, sign } of changes) {
            touched.add(pool);
            const borders = pools.get(pool) ?? new Map<bigint, bigint>();
            pools.set(pool, borders);
            for (const [at, by] of [
              [BigInt(units[0]), BigInt(sign)],
              [BigInt(units[1]), BigInt(-sign)],
            ] as const)
              borders.set(at, (borders.get(at) ?? 0n) + by);
          }
        }
        for (const [pool, { free }] of book.pools)
          if (touched.has(pool))
            expect([pool, runs(pools.get(pool) ?? new Map())]).toStrictEqual([pool, free.map(toWire)]);
        count += events.length;
        if (count >= EVENTS) break;
      }
    }),
    { numRuns: 15 },
  );
});
