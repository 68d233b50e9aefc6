import fc from 'fast-check';
import { expect, test } from 'vitest';
import { everything, onlyFunds } from '#access';
import { type EventLog, openMemoryLog } from '#event-log';
import type { LedgerEvent } from '#kernel';
import { balanceProjection, readBalances } from '#read-models';
import { type Shape, bookHistory, randomFrom } from '../../../tests/support/book-history.ts';
import { describeStores, projected } from '../../../tests/support/stores.ts';
import type { BookEvent } from '../domain/events.ts';
import { MEASURES, type Movement, movementsOf } from '../domain/movements.ts';
import { movementBalance } from './movement-balance.ts';
import {
  fundProjections,
  readFundBalances,
  readJournal,
  readPlaceBalances,
  readPoolBalances,
  readTrialBalance,
} from './index.ts';

const SHAPE: Shape = {
  funds: ['qbt-06', 'qbt-19'],
  donors: 4,
  places: ['062-2021-01-01', '064-2021-01-01'],
  beneficiaries: ['tre-1', 'tre-2'],
  programmes: ['ao-am', 'xe-dap'],
  year: 2024,
  giftMax: 40,
  receiptsPercent: 30,
  receipts: 60,
  mergesAfter: 25,
};
const ALL = everything('kiem-toan');
const PAGE_EVENTS = 7;

/** A log with a made-up history, and its events. */
async function logOf(seed: number, commands: number): Promise<{ log: EventLog; events: LedgerEvent[] }> {
  const log = openMemoryLog();
  const events: LedgerEvent[] = [];
  // Every other one closes its year on the way: unfinished disbursements go on in the next book.
  const shape = seed % 2 === 0 ? SHAPE : { ...SHAPE, yearEndsAfter: 80 };
  for (const { events: made, ...append } of bookHistory(shape, randomFrom(seed))) {
    await log.append(append);
    events.push(...made);
    if (events.length >= commands) break;
  }
  return { log, events };
}

/** Sums by key and measure, written without the code under test. */
function foldOf(
  events: readonly LedgerEvent[],
  keyOf: (movement: Movement) => string | null,
  { knownAt, through }: { knownAt: number; through: string },
): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const event of events)
    if (event.position <= knownAt && event.effectiveOn <= through)
      for (const movement of movementsOf(event as BookEvent)) {
        const id = `${keyOf(movement) ?? '-'} ${movement.commodity} ${movement.measure}`;
        sums[id] = (sums[id] ?? 0n) + movement.amount;
      }
  return withoutZeros(sums);
}

const withoutZeros = (sums: Record<string, bigint>): Record<string, bigint> =>
  Object.fromEntries(
    Object.entries(sums)
      .filter(([, sum]) => sum !== 0n)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

const asSums = (
  rows: readonly { key: string | null; commodity: string; sums: Record<string, bigint> }[],
): Record<string, bigint> =>
  withoutZeros(
    Object.fromEntries(
      rows.flatMap(({ key, commodity, sums }) =>
        Object.entries(sums).map(([measure, sum]) => [`${key ?? '-'} ${commodity} ${measure}`, sum]),
      ),
    ),
  );

describeStores('balances', (fresh) => {
  test('at every position and any day are the fold of the events known by then', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(364),
        async (seed, segmentEvents, dayIndex) => {
          const { log, events } = await logOf(seed, 60);
          const keyOf = (movement: Movement): string | null => movement.place;
          const definition = { ...movementBalance('some-balance', keyOf), segmentEvents };
          const context = await projected(fresh, log, [balanceProjection(definition)], 1 + (seed % 11));
          const day = new Date(Date.UTC(2024, 0, 1 + dayIndex)).toISOString().slice(0, 10);
          for (let knownAt = 0; knownAt <= events.length; knownAt += 1)
            for (const through of [day, '9999-12-31']) {
              const { rows, position } = await readBalances(context, definition, {
                knownAt,
                effectiveThrough: through,
                funds: 'all',
              });
              expect(position).toBe(events.length);
              expect(asSums(rows)).toStrictEqual(foldOf(events, keyOf, { knownAt, through }));
              expect(rows.filter(({ sums }) => Object.values(sums).every((sum) => sum === 0n))).toStrictEqual(
                [],
              );
            }
          await context.close();
        },
      ),
      { numRuns: 12 },
    );
  });

  test('as known at a moment are those of the last position recorded by then', async () => {
    const { log, events } = await logOf(3, 80);
    const context = await projected(fresh, log, fundProjections, PAGE_EVENTS);
    const { recordedAt, position } = events[40] as LedgerEvent;
    const last = events.findLast((event) => event.recordedAt === recordedAt)?.position ?? position;
    const byMoment = await readFundBalances(context, { scope: ALL, knownAt: recordedAt });
    expect(byMoment).toStrictEqual(await readFundBalances(context, { scope: ALL, knownAt: last }));
    expect(byMoment.knownAt).toBe(last);
    await context.close();
  });

  test('by place and by fund have the same sums, whatever is not specified', async () => {
    const { log } = await logOf(5, 300);
    const context = await projected(fresh, log, fundProjections, 50);
    for (const asOf of [
      {},
      { effectiveThrough: '2024-06-30' },
      { knownAt: 100, effectiveThrough: '2024-03-31' },
    ]) {
      const byFund = await readFundBalances(context, { scope: ALL, ...asOf });
      const tree = { places: new Map(), byCode: new Map() };
      const byPlace = await readPlaceBalances(context, {
        scope: ALL,
        rollUp: { tree, level: 'district', on: '2024-12-31' },
        ...asOf,
      });
      expect(new Set(byPlace.rows.map(({ key }) => key))).toStrictEqual(new Set([null]));
      for (const measure of MEASURES)
        expect(byPlace.rows.reduce((sum, { sums }) => sum + sums[measure], 0n)).toBe(
          byFund.rows.reduce((sum, { sums }) => sum + sums[measure], 0n),
        );
    }
    await context.close();
  });

  test('of pools: received and moved in, less moved out, is available, committed, paid or lost', async () => {
    const { log } = await logOf(8, 400);
    const context = await projected(fresh, log, fundProjections, 64);
    const { rows } = await readPoolBalances(context, { scope: ALL });
    expect(rows.length).toBeGreaterThan(4);
    for (const { sums } of rows)
      expect(sums.received + sums.movedIn - sums.movedOut + sums.short).toBe(
        sums.available + sums.committed + sums.paid + sums.lost,
      );
    await context.close();
  });

  test('show only funds of the scope', async () => {
    const { log } = await logOf(9, 60);
    const context = await projected(fresh, log, fundProjections, PAGE_EVENTS);
    const seen = await readFundBalances(context, { scope: onlyFunds('ke-toan', ['qbt-19']) });
    const early = await readFundBalances(context, { scope: onlyFunds('ke-toan', ['qbt-19']), knownAt: 30 });
    const none = await readFundBalances(context, { scope: onlyFunds('khach', []) });
    expect([seen, early, none].map(({ rows }) => [...new Set(rows.map(({ key }) => key))])).toStrictEqual([
      ['qbt-19'],
      ['qbt-19'],
      [],
    ]);
    const asked = await readFundBalances(context, {
      scope: onlyFunds('ke-toan', ['qbt-19']),
      funds: ['qbt-06'],
    });
    expect(asked.rows).toStrictEqual([]);
    await context.close();
  });
});

describeStores('journal', (fresh) => {
  test('pages hold every line once, and the trial balance sums them', async () => {
    const { log } = await logOf(11, 200);
    const context = await projected(fresh, log, fundProjections, 30);
    const lines = [];
    let after: string | undefined;
    do {
      const page = await readJournal(context, { scope: ALL, limit: 37, after });
      lines.push(...page.rows);
      after = page.next ?? undefined;
    } while (after !== undefined);
    const whole = await readJournal(context, { scope: ALL, limit: 1_000 });
    expect(whole.next).toBe(null);
    expect(lines).toStrictEqual(whole.rows);
    expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
    const { rows } = await readTrialBalance(context, { scope: ALL });
    for (const { key, commodity, sums } of rows)
      expect(
        lines
          .filter((line) => line.account === key && line.commodity === commodity)
          .reduce((sum, { amount }) => sum + amount, 0n),
      ).toBe(sums.debit - sums.credit);
    await context.close();
  });

  test('is narrowed by fund, account and days', async () => {
    const { log } = await logOf(12, 120);
    const context = await projected(fresh, log, fundProjections, 30);
    const { rows: all } = await readJournal(context, { scope: ALL, limit: 1_000 });
    const { rows } = await readJournal(context, {
      scope: ALL,
      funds: ['qbt-19'],
      account: 'asset/qbt-19/tien-mat',
      effectiveFrom: '2024-02-01',
      effectiveThrough: '2024-10-31',
      limit: 1_000,
    });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toStrictEqual(
      all.filter(
        ({ account, effectiveOn }) =>
          account === 'asset/qbt-19/tien-mat' && effectiveOn >= '2024-02-01' && effectiveOn <= '2024-10-31',
      ),
    );
    await context.close();
  });
});
