import fc from 'fast-check';
import { expect, test } from 'vitest';
import { everything, onlyFunds } from '#access';
import { type EventLog, openMemoryLog } from '#event-log';
import { type LedgerEvent, ok } from '#kernel';
import type { ReadContext } from '#read-models';
import { bookHistory, randomFrom } from '../../../../tests/support/book-history.ts';
import { type FreshHome, describeStores, projected } from '../../../../tests/support/stores.ts';
import { buy } from '../../../../tests/support/exchange.ts';
import { logOfEvents } from '../../../../tests/support/fact-log.ts';
import {
  type Step,
  type World,
  approve,
  given,
  id,
  openBook,
  pay,
  propose,
  receive,
  take,
} from '../../../../tests/support/funds.ts';
import { usesOneByOne } from '../../../../tests/support/units-one-by-one.ts';
import { type BookEvent, type WireRange, isReceipt } from '../../domain/events.ts';
import { movementsOf } from '../../domain/movements.ts';
import { poolKey } from '../../domain/restriction.ts';
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
  // Every other one closes its year on the way: unfinished disbursements go on in the next book.
  const shape = seed % 2 === 0 ? SHAPE : { ...SHAPE, yearEndsAfter: 50 };
  for (const { events: made, ...append } of bookHistory(shape, randomFrom(seed))) {
    await log.append(append);
    events.push(...made);
    if (events.length >= count) break;
  }
  const context = await projected(fresh, log, fundProjections, 1 + (seed % 17));
  return { events: events as BookEvent[], context, close: context.close };
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

/** Histories whose donors are compared; the first two sell no foreign money early, so that the fund can be compared as well. */
const SEEDS = [3, 4, 77];

/** Holds the donors of a history against single units and against the fund; answers how many of both there were. */
async function donorsAgree(
  fresh: FreshHome,
  seed: number,
): Promise<{ readonly donors: number; readonly compared: number }> {
  let [donors, compared] = [0, 0];
  const { events, context, close } = await history(fresh, seed, 400);
  for (const [knownAt, through] of [
    [150, '9999-12-31'],
    [events.length, '9999-12-31'],
    [events.length, '2024-06-30'],
    [200, '2024-03-31'],
  ] as const) {
    const uses = usesOneByOne(events, knownAt, through);
    const asOf = { knownAt, effectiveThrough: through };
    const donorOf = donorsBy(events, knownAt, through);
    const { rows, next } = await readDonorBalances(context, { scope: ALL, ...asOf });
    donors += rows.length;
    expect(next).toBe(null);
    for (const { donor, commodity, ...sums } of rows) {
      // A unit that was moved stands in two pools, but only the last of them can hold it.
      const own = uses.filter((use) => donorOf.get(use.receipt) === donor && use.commodity === commodity);
      const held = tally(own.map(({ status }) => [status, 1n] as const));
      expect([sums.committed, sums.paid, sums.lost]).toStrictEqual([
        held['committed'] ?? 0n,
        held['paid'] ?? 0n,
        held['lost'] ?? 0n,
      ]);
      expect(sums.received).toBe(sums.committed + sums.paid + sums.lost + sums.left);
    }
    // By effective day a payment may stand before its approval, which funds count and a backing does not.
    if (through !== '9999-12-31') continue;
    const funds = await readFundBalances(context, { scope: ALL, ...asOf });
    for (const [commodity, of] of Map.groupBy(funds.rows, (row) => row.commodity)) {
      const had = (measure: 'received' | 'committed' | 'paid'): bigint =>
        of.reduce((sum, { sums }) => sum + sums[measure], 0n);
      // Goods that a fund handed over count for donors as what they gave, and not as goods.
      const bought = tally(
        uses
          .filter((use) => use.commodity === commodity && poolKey(use.pool).commodity !== commodity)
          .map(({ status }) => [status, 1n] as const),
      );
      const own = rows.filter((row) => row.commodity === commodity);
      const given = (measure: 'received' | 'committed' | 'paid'): bigint =>
        own.reduce((sum, row) => sum + row[measure], 0n) - (bought[measure] ?? 0n);
      expect(given('received')).toBe(had('received'));
      // Đồng that came for foreign money count for donors as that money, also where they are less than a unit of it.
      const isForeign = events.some(
        ({ type, position }) => type === 'book.currency-exchanged.v1' && position <= knownAt,
      );
      if (commodity !== 'VND' || isForeign) continue;
      compared += 1;
      expect([given('committed'), given('paid')]).toStrictEqual([had('committed'), had('paid')]);
    }
  }
  await close();
  return { donors, compared };
}

describeStores('traces', (fresh) => {
  test('of every gift and disbursement are what following single units finds, as known at any position', async () => {
    let exchanged = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (seed, at) => {
        const { events, context, close } = await history(fresh, seed, 150);
        const knownAt = 1 + (at % events.length);
        const uses = usesOneByOne(events, knownAt, '9999-12-31');
        exchanged += uses.filter(({ pool, commodity }) => poolKey(pool).commodity !== commodity).length;
        const heldBy = (
          match: (receipt: string, disbursement: string, status: string) => string | null,
        ): Record<string, bigint> =>
          tally(
            uses.flatMap(({ receipt, disbursement, status }) => {
              const key = match(receipt, disbursement, status);
              return key === null ? [] : [[key, 1n] as const];
            }),
          );
        for (const event of events) {
          if (isReceipt(event) && event.position <= knownAt) {
            const { receipt } = event.data;
            const { gift } = await readGiftTrace(context, { scope: ALL, receipt, knownAt });
            expect(
              tally((gift?.uses ?? []).map((use) => [`${use.disbursement} ${use.status}`, use.amount])),
            ).toStrictEqual(heldBy((own, by, status) => (own === receipt ? `${by} ${status}` : null)));
            expect(gift && gift.committed + gift.paid + gift.lost + gift.left).toBe(
              receivedOf(events, receipt, knownAt),
            );
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
      // The first: two purchases at different prices side by side in one pool.
      { numRuns: 15, examples: [[0, 474521017]] },
    );
    expect(exchanged).toBeGreaterThan(0);
  });

  test('of donors sum what their gifts became, and over all donors it is what the funds paid', async () => {
    let compared = 0;
    for (const seed of SEEDS) {
      const found = await donorsAgree(fresh, seed);
      expect(found.donors).toBeGreaterThan(0);
      compared += found.compared;
    }
    expect(compared).toBeGreaterThan(0);
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
    const uses = usesOneByOne(events, events.length, through);
    expect(tally(gifts.map((use) => [use.status, use.amount]))).toStrictEqual(
      tally(uses.flatMap((use) => (use.disbursement === disbursement ? [[use.status, 1n] as const] : []))),
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

describeStores('traces of goods bought', (fresh) => {
  const traced = async ({ log }: World) => projected(fresh, await logOfEvents(log), fundProjections, 7);

  test('given fifty gifts of 20,000 đ that bought one bicycle then each paid for 20,000 đ of it', async () => {
    const gifts = Array.from({ length: 50 }, (_, i) => receive('20000', { donor: `d-${i}` }));
    const world = given(
      openBook(),
      ...gifts,
      buy('1', '1000000'),
      propose('1', { commodity: 'xe-dap' }),
      approve(id(53)),
      pay(id(53), { account: 'kho' }),
    );
    const context = await traced(world);
    const { gifts: behind } = await readDisbursementTrace(context, { scope: ALL, disbursement: id(53) });
    expect(
      behind.map(({ receipt, amount, commodity, pool, status }) => [
        receipt,
        amount,
        commodity,
        pool,
        status,
      ]),
    ).toStrictEqual(
      Array.from({ length: 50 }, (_, i) => [id(i + 2), 20_000n, 'VND', 'qbt-06/xe-dap/general', 'paid']),
    );
    const { gift } = await readGiftTrace(context, { scope: ALL, receipt: id(31) });
    expect(gift && [gift.received, gift.committed, gift.paid, gift.left, gift.commodity]).toStrictEqual([
      20_000n,
      0n,
      20_000n,
      0n,
      'VND',
    ]);
    const { rows } = await readDonorBalances(context, { scope: ALL, donors: ['d-49'] });
    expect(
      rows.map(({ commodity, received, paid, left }) => [commodity, received, paid, left]),
    ).toStrictEqual([['VND', 20_000n, 20_000n, 0n]]);
    await context.close();
  });

  test('given three bicycles for 1,000,000 đ then each stands for a third, and the gift adds up', async () => {
    const world = given(
      openBook(),
      receive('1000000', { donor: 'd-1' }),
      buy('3', '1000000'),
      ...[4, 7, 10].flatMap((n) => [
        propose('1', { commodity: 'xe-dap' }),
        approve(id(n)),
        pay(id(n), { account: 'kho' }),
      ]),
    );
    const context = await traced(world);
    const { gift } = await readGiftTrace(context, { scope: ALL, receipt: id(2) });
    expect(gift?.uses.map(({ amount, from, to }) => [amount, from, to])).toStrictEqual([
      [333_333n, 0n, 1n],
      [333_333n, 1n, 2n],
      [333_334n, 2n, 3n],
    ]);
    expect(gift?.left).toBe(0n);
    await context.close();
  });

  test('given a purchase drawn over more spans than an event holds then every part is traced', async () => {
    // Every second đồng is held by another use, so that the purchase draws 300 spans.
    const before = given(openBook(), receive('600', { donor: 'd-1' }), propose('300'));
    const every = Array.from({ length: 300 }, (_, n): WireRange => [String(2 * n), String(2 * n + 1)]);
    const drawn: Step = {
      actor: 'chi',
      decide: ({ book, log }) => {
        const { stream, effectiveOn } = log[0] as BookEvent;
        const data = {
          ...book.open.get(id(3))?.proposal,
          proposalHash: '',
          drawn: [{ pool: 'qbt-06/VND/general', units: every }],
          part: 1,
          parts: 1,
        };
        return ok([{ stream, type: 'book.disbursement-approved.v1', effectiveOn, data }]);
      },
    };
    const world = [
      drawn,
      buy('7', '300'),
      propose('5', { commodity: 'xe-dap' }),
      approve(id(6)),
      pay(id(6), { account: 'kho' }),
    ].reduce((now, step) => take(now, step).world, before);
    expect(world.log.filter(({ type }) => type === 'book.goods-bought.v1')).toHaveLength(3);
    const context = await traced(world);
    const { gifts: behind } = await readDisbursementTrace(context, { scope: ALL, disbursement: id(6) });
    // Five sevenths of 300 đ, floored: spans of one đồng each, 214 of them whole.
    expect(behind.map(({ amount }) => amount)).toStrictEqual(Array.from({ length: 214 }, () => 1n));
    const { gift } = await readGiftTrace(context, { scope: ALL, receipt: id(2) });
    expect(gift && [gift.received, gift.committed, gift.paid, gift.left]).toStrictEqual([
      600n,
      300n,
      214n,
      86n,
    ]);
    await context.close();
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
