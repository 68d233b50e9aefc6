import fc from 'fast-check';
import { expect, test } from 'vitest';
import { everything, onlyFunds } from '#access';
import { type EventLog, openMemoryLog } from '#event-log';
import type { LedgerEvent } from '#kernel';
import { bookHistory, randomFrom } from '../../../../tests/support/book-history.ts';
import { describeStores, projected } from '../../../../tests/support/stores.ts';
import { bookKind } from '../../domain/book.ts';
import { type OpenItemRow, fundProjections, readOpenItems } from '../index.ts';

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
  mergesAfter: 30,
};
const ALL = everything('kiem-toan');

async function history(seed: number, count: number): Promise<{ log: EventLog; events: LedgerEvent[] }> {
  const log = openMemoryLog();
  const events: LedgerEvent[] = [];
  for (const { events: made, ...append } of bookHistory(SHAPE, randomFrom(seed))) {
    await log.append(append);
    events.push(...made);
    if (events.length >= count) break;
  }
  return { log, events };
}

/** What the books themselves hold open after the first events. */
const openIn = (events: readonly LedgerEvent[], knownAt: number): object[] =>
  SHAPE.funds
    .flatMap((fund) => {
      const own = events.filter(
        (event) => event.stream.startsWith(`book-${fund}-`) && event.position <= knownAt,
      );
      const { items } = own.reduce(bookKind.evolve, bookKind.initial(`book-${fund}-2024`));
      return [...items].map(([item, { left, ...open }]) => ({ ...open, fund, item, amount: left }));
    })
    .toSorted((a, b) => (`${a.since}.${a.item}` < `${b.since}.${b.item}` ? -1 : 1));

describeStores('open items', (fresh) => {
  test('are at every position what the books hold open', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { log, events } = await history(seed, 80);
        const context = await projected(fresh, log, fundProjections, 1 + (seed % 11));
        for (let knownAt = 1; knownAt <= events.length; knownAt += 7) {
          const { rows } = await readOpenItems(context, { scope: ALL, knownAt, limit: 1_000 });
          expect(rows).toStrictEqual(openIn(events, knownAt));
        }
        await context.close();
      }),
      { numRuns: 6 },
    );
  });

  test('are found by kind, by whose they are and by their due day', async () => {
    const { log, events } = await history(1, 900);
    const context = await projected(fresh, log, fundProjections, 50);
    const all = openIn(events, events.length) as OpenItemRow[];
    const advances = all.filter(({ kind, account }) => kind === 'advance' && account === 'nv-1');
    expect(advances.length).toBeGreaterThan(0);
    const asked = { scope: ALL, limit: 1_000 };
    const own = await readOpenItems(context, { ...asked, kinds: ['advance'], account: 'nv-1' });
    expect(own.rows).toStrictEqual(advances);
    const due = all.filter((row) => row.due !== null);
    expect(due.length).toBeGreaterThan(0);
    expect((await readOpenItems(context, { ...asked, overdueOn: '2025-01-01' })).rows).toStrictEqual(due);
    expect((await readOpenItems(context, { ...asked, overdueOn: '2024-12-31' })).rows).toStrictEqual([]);
    await context.close();
  });

  test('come page by page, the oldest first, of the funds that are seen', async () => {
    const { log, events } = await history(4, 500);
    const context = await projected(fresh, log, fundProjections, 50);
    const all = openIn(events, events.length);
    expect(all.length).toBeGreaterThan(1);
    const paged: object[] = [];
    let after: string | undefined;
    for (let page = 0; page <= all.length; page += 1) {
      const { rows, next } = await readOpenItems(context, { scope: ALL, limit: 1, after });
      paged.push(...rows);
      if (next === null) break;
      after = next;
    }
    expect(paged).toStrictEqual(all);
    const scope = onlyFunds('ke-toan', ['qbt-19']);
    const seen = await readOpenItems(context, { scope, limit: 1_000 });
    expect(seen.rows.map(({ fund }) => fund)).toStrictEqual(seen.rows.map(() => 'qbt-19'));
    expect(seen.rows).toHaveLength(all.filter((row) => 'fund' in row && row.fund === 'qbt-19').length);
    expect((await readOpenItems(context, { scope, funds: ['qbt-06'], limit: 9 })).rows).toStrictEqual([]);
    await context.close();
  });
});
