import fc from 'fast-check';
import { expect, test } from 'vitest';
import { everything, onlyFunds } from '#access';
import { type EventLog, openMemoryLog } from '#event-log';
import { type LedgerEvent, type Range, mapMove } from '#kernel';
import type { ReadContext } from '#read-models';
import { bookHistory, randomFrom } from '../../../../tests/support/book-history.ts';
import { type FreshHome, describeStores, projected } from '../../../../tests/support/stores.ts';
import { fromWire } from '../../domain/book.ts';
import { type BookEvent, type PoolUnits, isReceipt } from '../../domain/events.ts';
import { movementsOf } from '../../domain/movements.ts';
import { readDonorBalances } from '../donor-balance/donor-balance.ts';
import {
  fundProjections,
  readDisbursement,
  readDisbursements,
  readFundBalances,
  readItemPositions,
} from '../index.ts';
import { readDisbursementTrace, readGiftTrace } from './query-traces.ts';

const ALL = everything('kiem-toan');
const SHAPE = {
  funds: ['qbt-06', 'qbt-19'],
  donors: 3,
  places: ['062-2021-01-01', '064-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am', 'xe-dap'],
  year: 2024,
  giftMax: 12,
  receiptsPercent: 30,
  receipts: 40,
  mergesAfter: 30,
};

async function history(
  fresh: FreshHome,
  seed: number,
  count: number,
): Promise<{ events: BookEvent[]; context: ReadContext; close(): Promise<void> }> {
  const log: EventLog = openMemoryLog();
  const events: LedgerEvent[] = [];
  for (const { events: made, ...append } of bookHistory(SHAPE, randomFrom(seed))) {
    await log.append(append);
    events.push(...made);
    if (events.length >= count) break;
  }
  const context = await projected(fresh, log, fundProjections, 1 + (seed % 17));
  return { events: events as BookEvent[], context, close: context.close };
}

const each = (ranges: readonly Range[]): bigint[] =>
  ranges.flatMap(({ from, to }) => Array.from({ length: Number(to - from) }, (_, i) => from + BigInt(i)));

/** What happened to every single unit: its receipt, and which disbursement holds it how. */
interface Hold {
  readonly disbursement: string;
  readonly status: 'committed' | 'paid';
}

interface Unit {
  /** Where a move took it from; a cover may change it. */
  from: string | null;
  receipt: string;
  /** In a view by effective day it may be held twice: what undid the first use is of a later day. */
  held: Hold[];
}

/** Committed and paid change what holds the unit, or begin to; null ends one hold. */
function changed(held: readonly Hold[], disbursement: string, status: Hold['status'] | null): Hold[] {
  const isOwn = (hold: Hold): boolean => hold.disbursement === disbursement;
  const at = held.findIndex(isOwn);
  if (status === null) return held.filter((_, index) => index !== at);
  if (at < 0 || status === 'committed') return [...held, { disbursement, status }];
  return held.map((hold) => (isOwn(hold) ? { disbursement, status } : hold));
}

/**
 * The oracle knows no ranges: units one by one. Who gave a unit is read from all events known; whether a step
 * counts also depends on its effective day.
 */
function unitsOneByOne(events: readonly BookEvent[], knownAt: number, through: string): Map<string, Unit> {
  const units = new Map<string, Unit>();
  const of = (pool: string, unit: bigint): Unit => {
    const found = units.get(`${pool} ${unit}`);
    if (!found) throw new Error(`no unit ${unit} in ${pool}`);
    return found;
  };
  const set = (
    list: readonly PoolUnits[],
    disbursement: string,
    status: 'committed' | 'paid' | null,
  ): void => {
    for (const { pool, units: ranges } of list)
      for (const unit of each(ranges.map(fromWire)))
        of(pool, unit).held = changed(of(pool, unit).held, disbursement, status);
  };
  /** The unit `by` is used in the place of another. */
  const cover = (pool: string, use: string, unit: bigint, by: bigint): void => {
    const [gone, comes] = [of(pool, unit), of(pool, by)];
    const hold = gone.held.find(({ disbursement }) => disbursement === use);
    if (hold) comes.held = [...comes.held, hold];
    gone.held = gone.held.filter((other) => other !== hold);
    for (const moved of units.values()) if (moved.from === `${pool} ${unit}`) moved.from = `${pool} ${by}`;
  };
  for (const event of events.filter(({ position }) => position <= knownAt)) {
    const isEffective = event.effectiveOn <= through;
    if (isReceipt(event))
      for (const unit of each([fromWire(event.data.minted)]))
        units.set(`${event.data.pool} ${unit}`, { from: null, receipt: event.data.receipt, held: [] });
    if (event.type === 'book.receipt-adjusted.v1' && event.data.minted)
      for (const unit of each([fromWire(event.data.minted)]))
        units.set(`${event.data.pool} ${unit}`, { from: null, receipt: event.data.receipt, held: [] });
    if (event.type === 'book.allocation-approved.v1' || event.type === 'book.restriction-released.v1')
      for (const { from, to } of event.data.moves)
        for (const { source, target } of mapMove(from.units.map(fromWire), fromWire(to.minted)))
          for (const [at, unit] of each([target]).entries())
            units.set(`${to.pool} ${unit}`, {
              from: `${from.pool} ${source.from + BigInt(at)}`,
              receipt: '',
              held: [],
            });
    if (event.type === 'book.receipt-reversed.v1' || event.type === 'book.shortfall-settled.v1')
      for (const { use, replaced, by } of event.data.covered)
        for (const [at, unit] of each(replaced.map(fromWire)).entries())
          cover(event.data.pool, use, unit, each(by.map(fromWire))[at] ?? -1n);
    if (!isEffective) continue;
    if (event.type === 'book.expense-recorded.v1') set(event.data.drawn, event.data.expense, 'paid');
    if (event.type === 'book.disbursement-approved.v1')
      set(event.data.drawn, event.data.disbursement, 'committed');
    if (event.type === 'book.disbursement-paid.v1') set(event.data.settled, event.data.disbursement, 'paid');
    if (event.type === 'book.disbursement-cancelled.v1' || event.type === 'book.disbursement-returned.v1')
      set(event.data.restored, event.data.disbursement, null);
  }
  const originOf = (unit: Unit): string =>
    unit.from === null ? unit.receipt : originOf(units.get(unit.from) ?? unit);
  for (const unit of units.values()) unit.receipt = originOf(unit);
  return units;
}

/** What counts of a gift after its corrections. */
const receivedOf = (events: readonly BookEvent[], receipt: string, knownAt: number): bigint =>
  events
    .filter(({ position, data }) => position <= knownAt && 'receipt' in data && data.receipt === receipt)
    .flatMap(movementsOf)
    .reduce((sum, { measure, amount }) => (measure === 'received' ? sum + amount : sum), 0n);

/** Who gave it, as corrections say. */
const donorsBy = (
  events: readonly BookEvent[],
  knownAt: number,
  through: string,
): ReadonlyMap<string, string | null> => {
  const donors = new Map<string, string | null>();
  for (const { type, data, position, effectiveOn } of events) {
    if (type === 'book.receipt-recorded.v1' || type === 'book.income-recorded.v1')
      donors.set(data.receipt, data.donor);
    if (type === 'book.receipt-corrected.v1' && position <= knownAt && effectiveOn <= through)
      donors.set(data.receipt, data.now.donor);
  }
  return donors;
};

const tally = (list: Iterable<readonly [string, bigint]>): Record<string, bigint> => {
  const sums: Record<string, bigint> = {};
  for (const [key, amount] of list) sums[key] = (sums[key] ?? 0n) + amount;
  return sums;
};

/** Histories whose donors are compared. */
const SEEDS = [77, 78, 106];

/** Holds the donors of a history against single units and against the fund; answers how many there were. */
async function donorsAgree(fresh: FreshHome, seed: number): Promise<number> {
  let donors = 0;
  const { events, context, close } = await history(fresh, seed, 400);
  for (const [knownAt, through] of [
    [150, '9999-12-31'],
    [events.length, '9999-12-31'],
    [events.length, '2024-06-30'],
    [200, '2024-03-31'],
  ] as const) {
    const units = unitsOneByOne(events, knownAt, through);
    const asOf = { knownAt, effectiveThrough: through };
    const donorOf = donorsBy(events, knownAt, through);
    const { rows, next } = await readDonorBalances(context, { scope: ALL, ...asOf });
    donors += rows.length;
    expect(next).toBe(null);
    for (const { donor, ...sums } of rows) {
      // A unit that was moved stands in two pools, but only the last of them can hold it.
      const own = [...units.values()].filter((unit) => donorOf.get(unit.receipt) === donor);
      const held = tally(own.flatMap((unit) => unit.held.map(({ status }) => [status, 1n] as const)));
      expect([sums.committed, sums.paid]).toStrictEqual([held['committed'] ?? 0n, held['paid'] ?? 0n]);
      expect(sums.received).toBe(sums.committed + sums.paid + sums.left);
    }
    // By effective day a payment may stand before its approval, which funds count and a backing does not.
    if (through !== '9999-12-31') continue;
    const funds = await readFundBalances(context, { scope: ALL, ...asOf });
    for (const measure of ['received', 'committed', 'paid'] as const)
      expect(rows.reduce((sum, row) => sum + row[measure], 0n)).toBe(
        funds.rows.reduce((sum, { sums }) => sum + sums[measure], 0n),
      );
  }
  await close();
  return donors;
}

describeStores('traces', (fresh) => {
  test('of every gift and disbursement are what following single units finds, as known at any position', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (seed, at) => {
        const { events, context, close } = await history(fresh, seed, 150);
        const knownAt = 1 + (at % events.length);
        const units = unitsOneByOne(events, knownAt, '9999-12-31');
        const heldBy = (
          match: (receipt: string, disbursement: string, status: string) => string | null,
        ): Record<string, bigint> =>
          tally(
            [...units.values()].flatMap(({ receipt, held }) =>
              held.flatMap(({ disbursement, status }) => {
                const key = match(receipt, disbursement, status);
                return key === null ? [] : [[key, 1n] as const];
              }),
            ),
          );
        for (const event of events) {
          if (isReceipt(event) && event.position <= knownAt) {
            const { receipt } = event.data;
            const { gift } = await readGiftTrace(context, { scope: ALL, receipt, knownAt });
            expect(
              tally((gift?.uses ?? []).map((use) => [`${use.disbursement} ${use.status}`, use.amount])),
            ).toStrictEqual(heldBy((own, by, status) => (own === receipt ? `${by} ${status}` : null)));
            expect(gift && gift.committed + gift.paid + gift.left).toBe(receivedOf(events, receipt, knownAt));
          }
          if (event.type === 'book.disbursement-approved.v1') {
            const { disbursement } = event.data;
            const { gifts } = await readDisbursementTrace(context, { scope: ALL, disbursement, knownAt });
            expect(tally(gifts.map((use) => [`${use.receipt} ${use.status}`, use.amount]))).toStrictEqual(
              heldBy((own, by, status) => (by === disbursement ? `${own} ${status}` : null)),
            );
          }
        }
        await close();
      }),
      { numRuns: 15 },
    );
  });

  test('of donors sum what their gifts became, and over all donors it is what the funds paid', async () => {
    for (const seed of SEEDS) expect(await donorsAgree(fresh, seed)).toBeGreaterThan(0);
  });

  test('by effective day know a payment only from its day on', async () => {
    const { events, context, close } = await history(fresh, 5, 300);
    const paid = events.find((event) => event.type === 'book.disbursement-paid.v1');
    if (paid?.type !== 'book.disbursement-paid.v1') throw new Error('the history pays something');
    const { disbursement } = paid.data;
    const through = paid.effectiveOn;
    const { gifts } = await readDisbursementTrace(context, {
      scope: ALL,
      disbursement,
      effectiveThrough: through,
    });
    const units = unitsOneByOne(events, events.length, through);
    expect(tally(gifts.map((use) => [use.status, use.amount]))).toStrictEqual(
      tally(
        [...units.values()].flatMap(({ held }) =>
          held.flatMap((hold) => (hold.disbursement === disbursement ? [[hold.status, 1n] as const] : [])),
        ),
      ),
    );
    await close();
  });

  test('are hidden where the scope does not see the fund', async () => {
    const { events, context, close } = await history(fresh, 5, 100);
    const scope = onlyFunds('khach', ['qbt-24']);
    const [receipt = ''] = events.flatMap((e) =>
      e.type === 'book.receipt-recorded.v1' ? [e.data.receipt] : [],
    );
    const [disbursement = ''] = events.flatMap((e) =>
      e.type === 'book.disbursement-approved.v1' ? [e.data.disbursement] : [],
    );
    expect((await readGiftTrace(context, { scope, receipt })).gift).toBe(null);
    expect((await readDisbursementTrace(context, { scope, disbursement })).gifts).toStrictEqual([]);
    expect((await readDisbursement(context, { scope, disbursement })).row).toBe(null);
    expect((await readGiftTrace(context, { scope: ALL, receipt })).gift?.receipt).toBe(receipt);
    await close();
  });
});

describeStores('items', (fresh) => {
  test('are found by their id with every event about them', async () => {
    const { events, context, close } = await history(fresh, 21, 300);
    const expected = Map.groupBy(events, ({ data }) =>
      'disbursement' in data ? data.disbursement : 'allocation' in data ? data.allocation : '',
    );
    expected.delete('');
    expect(expected.size).toBeGreaterThan(20);
    for (const [item, about] of expected) {
      const { positions } = await readItemPositions(context, item);
      expect(positions).toStrictEqual(about.map(({ position }) => position));
    }
    await close();
  });

  test('are listed newest first, page by page and by status', async () => {
    const { events, context, close } = await history(fresh, 22, 300);
    const { rows: all, next } = await readDisbursements(context, { scope: ALL, limit: 500 });
    expect(next).toBe(null);
    expect(all.map(({ disbursement }) => disbursement)).toStrictEqual(
      events
        .flatMap((e) => (e.type === 'book.disbursement-proposed.v1' ? [e.data.disbursement] : []))
        .toReversed(),
    );
    const paged = [];
    let before: number | undefined;
    do {
      const page = await readDisbursements(context, { scope: ALL, limit: 4, before, status: 'delivered' });
      paged.push(...page.rows);
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(paged).toStrictEqual(all.filter(({ status }) => status === 'delivered'));
    expect(paged.length).toBeGreaterThan(1);
    await close();
  });
});
