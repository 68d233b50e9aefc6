import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LedgerEvent } from '#kernel';
import { bookHistory, randomFrom } from '../../../tests/support/book-history.ts';
import { type BookState, bookKind, headOf } from './book.ts';
import type { BookEvent, DisbursementProposed } from './events.ts';
import { moneyMovesOf } from './money-moves.ts';
import { movementsOf, poolUsesOf } from './movements.ts';
import { postingsOf } from './postings.ts';
import { fundOf } from './wire.ts';

/** Random histories of three funds that are merged one after another, with everything that follows. */
const SHAPE = {
  funds: ['qbt-06', 'qbt-19', 'qbt-24'],
  donors: 3,
  places: ['bk.ns', 'bk.bb'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am', 'xe-dap'],
  year: 2024,
  giftMax: 30,
  receiptsPercent: 25,
  receipts: 120,
  mergesAfter: 60,
};
const RUNS = 25;
const EVENTS = 260;

type Sums = Map<string, bigint>;
const add = (sums: Sums, key: string, amount: bigint): void => {
  const sum = (sums.get(key) ?? 0n) + amount;
  if (sum === 0n) sums.delete(key);
  else sums.set(key, sum);
};
const sorted = (sums: Sums): [string, bigint][] => [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1));

/** Everything a balance counts, whatever fund it is in: a merger changes none of it but what was moved. */
function countAll(events: readonly BookEvent[], all: Sums, byFund: Sums): void {
  for (const event of events)
    for (const { measure, amount, fund, pool, commodity, place, programme, group, beneficiary, donor } of [
      ...movementsOf(event),
      ...poolUsesOf(event),
    ]) {
      expect(fund).toBe(fundOf(event.stream));
      const isMoved = measure === 'movedIn' || measure === 'movedOut';
      const by = [commodity, pool, place, programme, group, beneficiary, donor].join(' ');
      add(all, `${isMoved ? 'moved' : measure} ${by}`, measure === 'movedOut' ? -amount : amount);
      if (!isMoved && pool !== null) add(byFund, `${measure} ${fund} ${pool}`, amount);
    }
}

/** What of a proposal counts; its last wording also says what it replaced. */
const asProposed = ({ pools, payee, payeePerson, narrative, ...of }: DisbursementProposed) => ({
  proposal: { ...headOf(of), pools, payee, payeePerson, narrative },
});

/** Without what differs by design: the ids of accounts, and who holds what. */
const partsOf = (books: readonly BookState[]) => ({
  pools: books.flatMap(({ pools }) => [...pools]).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  open: books
    .flatMap(({ open }) =>
      [...open].map(([id, { proposal, ...rest }]) => ({ id, ...rest, ...asProposed(proposal) })),
    )
    .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  advances: books.flatMap(({ advances }) => [...advances]).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  items: books
    .flatMap(({ items }) =>
      [...items].map(([item, { kind, commodity, left, since }]) => ({ item, kind, commodity, left, since })),
    )
    .toSorted((a, b) => (a.item < b.item ? -1 : 1)),
  short: books.flatMap(({ short }) => [...short]).toSorted(),
});

test('a merger takes nothing away and adds nothing, by whatever it is counted (property)', () => {
  let merged = 0;
  let corrected = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const books = new Map<string, BookState>();
      const [accounts, all, byFund, own] = [new Map(), new Map(), new Map(), new Map()] as Sums[] as [
        Sums,
        Sums,
        Sums,
        Sums,
      ];
      let count = 0;
      for (const { events: made } of bookHistory(SHAPE, randomFrom(seed))) {
        const events = made as readonly LedgerEvent[] as readonly BookEvent[];
        const streams = [...new Set(events.map(({ stream }) => stream))];
        for (const stream of streams) if (!books.has(stream)) books.set(stream, bookKind.initial(stream));
        const touched = (): BookState[] => streams.flatMap((stream) => books.get(stream) ?? []);
        const isMerger = events.some(({ type }) => type === 'book.merged.v1');
        const before = isMerger
          ? structuredClone({ parts: partsOf(touched()), all, byFund, accounts })
          : undefined;
        for (const event of events) {
          const book = books.get(event.stream);
          if (book) bookKind.evolve(book, event);
          const sums: Sums = new Map();
          for (const { account, commodity, amount } of postingsOf(event)) {
            add(accounts, `${fundOf(event.stream)} ${account}`, amount);
            add(sums, commodity, amount);
          }
          // Σ postings = 0 for each commodity of each event.
          expect(sums).toStrictEqual(new Map());
          for (const { account, commodity, amount, direction } of moneyMovesOf(event))
            add(
              own,
              `${fundOf(event.stream)} ${account} ${commodity}`,
              direction === 'in' ? amount : -amount,
            );
          if ('originalBook' in event.data && event.data.originalBook !== null) corrected += 1;
        }
        countAll(events, all, byFund);
        for (const book of touched())
          expect(
            new Map([...book.balances].map(([key, amount]) => [`${book.fund} ${key}`, amount])),
          ).toStrictEqual(new Map([...own].filter(([key]) => key.startsWith(`${book.fund} `))));
        if (before) {
          merged += 1;
          const [old, next] = touched();
          if (!old || !next) throw new Error('a merger writes two books');
          expect(partsOf([next])).toStrictEqual(before.parts);
          expect([old.open.size, old.items.size, old.short.size, old.balances.size]).toStrictEqual([
            0, 0, 0, 0,
          ]);
          expect(sorted(all)).toStrictEqual(sorted(before.all));
          // The old fund has nothing left but what it received and paid; no account of it has anything.
          for (const [key, amount] of byFund)
            if (/^(available|committed|short) /.test(key) && key.includes(` ${old.fund} `))
              expect([key, amount]).toBe([]);
          expect([...accounts.keys()].filter((key) => key.startsWith(`${old.fund} `))).toStrictEqual([]);
          expect([...accounts.keys()].filter((key) => key.includes(' merger/'))).toStrictEqual([]);
        }
        count += made.length;
        if (count >= EVENTS) break;
      }
    }),
    { numRuns: RUNS },
  );
  expect(merged).toBeGreaterThan(RUNS);
  expect(corrected).toBeGreaterThan(RUNS / 2);
});
