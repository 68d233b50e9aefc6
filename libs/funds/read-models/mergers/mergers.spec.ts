import { expect, test } from 'vitest';
import { everything, onlyFunds } from '#access';
import { type EventLog, openMemoryLog } from '#event-log';
import { placeDirectory } from '#places';
import type { ReadContext } from '#read-models';
import { bookHistory, randomFrom } from '../../../../tests/support/book-history.ts';
import { GOOD } from '../../../../tests/support/exchange-history.ts';
import { type FreshHome, describeStores, projected } from '../../../../tests/support/stores.ts';
import { type BookEvent, isReceipt } from '../../domain/events.ts';
import {
  fundProjections,
  readBooks,
  readDisbursement,
  readDisbursementTrace,
  readDisbursements,
  readDonorBalances,
  readFundBalances,
  readGiftTrace,
  readMergers,
  readPlaceBalances,
  readPoolBalances,
  readProgrammeBalances,
  readBeneficiaryBalances,
} from '../index.ts';

const SHAPE = {
  funds: ['qbt-19', 'qbt-06'],
  donors: 4,
  places: ['062-2021-01-01', '064-2021-01-01'],
  beneficiaries: ['tre-1', 'tre-2'],
  programmes: ['ao-am', 'xe-dap'],
  year: 2024,
  giftMax: 40,
  receiptsPercent: 30,
  receipts: 90,
  mergesAfter: 90,
};
const ALL = everything('kiem-toan');
const SEEDS = [3, 8, 21];
const EVENTS = 260;
/** No tree: every place is not specified, and still sums to what the funds have. */
const PLACES = { rollUp: { tree: placeDirectory.initial(), level: 'commune', on: '2024-12-31' } } as const;

interface Told {
  readonly context: ReadContext & { close(): Promise<void> };
  readonly events: readonly BookEvent[];
  /** Position before the merger and after it, its day, and the two funds. */
  readonly before: number;
  readonly after: number;
  readonly on: string;
  readonly old: string;
  readonly into: string;
}

async function told(fresh: FreshHome, seed: number): Promise<Told> {
  const log: EventLog = openMemoryLog();
  const events: BookEvent[] = [];
  for (const { events: made, ...append } of bookHistory(SHAPE, randomFrom(seed))) {
    await log.append(append);
    events.push(...(made as readonly unknown[] as readonly BookEvent[]));
    if (events.length >= EVENTS) break;
  }
  const merged = events.find(({ type }) => type === 'book.merged.v1');
  if (merged?.type !== 'book.merged.v1') throw new Error('the history merges two funds');
  const own = events.filter(({ commandId }) => commandId === merged.commandId);
  const context = await projected(fresh, log, fundProjections, 1 + (seed % 11));
  return {
    context,
    events,
    before: (own[0]?.position ?? 0) - 1,
    after: own.at(-1)?.position ?? 0,
    on: merged.effectiveOn,
    old: merged.data.from,
    into: merged.data.into,
  };
}

/** Rows without what was moved between funds, and without those that are nothing then. */
const kept = (
  rows: readonly { key: string | null; commodity: string; sums: Readonly<Record<string, bigint>> }[],
) =>
  rows
    .map(({ key, commodity, sums: { movedIn, movedOut, ...sums } }) => ({
      key,
      commodity,
      sums: { ...sums, moved: (movedIn ?? 0n) - (movedOut ?? 0n) },
    }))
    .filter(({ sums }) => Object.values(sums).some((amount) => amount !== 0n));

describeStores('a merger', (fresh) => {
  test('changes no total by pool, place, programme, beneficiary or donor', async () => {
    for (const seed of SEEDS) {
      const { context, before, after, events } = await told(fresh, seed);
      const by = { scope: ALL };
      for (const read of [readPoolBalances, readProgrammeBalances, readBeneficiaryBalances]) {
        const [was, is] = [
          await read(context, { ...by, knownAt: before }),
          await read(context, { ...by, knownAt: after }),
        ];
        expect(kept(is.rows)).toStrictEqual(kept(was.rows));
      }
      const donors = async (knownAt: number) => (await readDonorBalances(context, { ...by, knownAt })).rows;
      expect(await donors(after)).toStrictEqual(await donors(before));
      let followed = 0;
      for (const event of events) {
        if (!isReceipt(event) || event.position > before) continue;
        const { receipt } = event.data;
        const trace = async (knownAt: number) =>
          (await readGiftTrace(context, { ...by, receipt, knownAt })).gift;
        const [was, is] = [await trace(before), await trace(after)];
        const uses = (gift: typeof was) =>
          gift?.uses
            .map(({ disbursement, pool, from, to, status }) =>
              [disbursement, pool, from, to, status].join(' '),
            )
            .toSorted();
        expect(uses(is)).toStrictEqual(uses(was));
        expect([is?.received, is?.committed, is?.paid, is?.left]).toStrictEqual([
          was?.received,
          was?.committed,
          was?.paid,
          was?.left,
        ]);
        followed += 1;
      }
      expect(followed).toBeGreaterThan(10);
      await context.close();
    }
  });

  test('leaves the old fund with nothing from its day on, and all of it with the successor', async () => {
    for (const seed of SEEDS) {
      const { context, before, after, on, old, into } = await told(fresh, seed);
      const sums = async (fund: string, knownAt: number, effectiveThrough: string) => {
        const asOf = { scope: ALL, funds: [fund], knownAt, effectiveThrough };
        const { rows } = await readFundBalances(context, asOf);
        return ['VND', 'EUR', GOOD].flatMap((commodity) => {
          const sums = rows.find((row) => row.commodity === commodity)?.sums;
          return [sums?.available ?? 0n, sums?.committed ?? 0n, sums?.short ?? 0n];
        });
      };
      const plus = (a: readonly bigint[], b: readonly bigint[]) => a.map((n, at) => n + (b[at] ?? 0n));
      const LAST = '9999-12-31';
      const whole = plus(await sums(old, before, LAST), await sums(into, before, LAST));
      expect(whole.some((n) => n > 0n)).toBe(true);
      for (const through of [on, LAST])
        expect(await sums(old, after, through)).toStrictEqual(whole.map(() => 0n));
      expect(await sums(into, after, LAST)).toStrictEqual(whole);
      // By effective day the fund still has it on the days before.
      const dayBefore = new Date(Date.parse(on) - 86_400_000).toISOString().slice(0, 10);
      expect(await sums(old, after, dayBefore)).toStrictEqual(await sums(old, before, dayBefore));
      await context.close();
    }
  });

  test('is told: by the funds, the gift, the disbursement and the book', async () => {
    const [seed = 1] = SEEDS;
    const { context, events, before, after, on, old, into } = await told(fresh, seed);
    expect((await readMergers(context, { scope: ALL })).rows).toMatchObject([
      { fund: old, into, effectiveOn: on },
    ]);
    expect((await readMergers(context, { scope: onlyFunds('an', ['qbt-24']) })).rows).toStrictEqual([]);
    const { rows: books } = await readBooks(context, { scope: ALL, funds: [old] });
    expect(books).toMatchObject([{ status: 'closed', mergedInto: into }]);
    const receipt = events.flatMap((event) =>
      event.type === 'book.receipt-recorded.v1' && event.stream.includes(old) ? [event.data.receipt] : [],
    )[0];
    const scope = onlyFunds('an', [into]);
    const seen = await readGiftTrace(context, { scope, receipt: receipt ?? '' });
    expect(seen.gift).toMatchObject({ fund: old, passedTo: [{ into, effectiveOn: on }] });
    expect((await readGiftTrace(context, { scope, receipt: receipt ?? '', knownAt: before })).gift).toBe(
      null,
    );
    const open = events.find(({ type }) => type === 'book.disbursement-taken-over.v1');
    if (open?.type !== 'book.disbursement-taken-over.v1')
      throw new Error('the history hands a disbursement over');
    const { disbursement } = open.data;
    const { row } = await readDisbursement(context, { scope, disbursement, knownAt: after });
    expect(row).toMatchObject({ fund: into, status: open.data.status });
    const { gifts } = await readDisbursementTrace(context, { scope, disbursement, knownAt: after });
    expect(gifts.length > 0).toBe(open.data.status !== 'proposed');
    const listed = await readDisbursements(context, { scope, limit: 500 });
    expect(listed.rows.map((one) => one.disbursement)).toContain(disbursement);
    await context.close();
  });

  test('is no change of places', async () => {
    const [seed = 1] = SEEDS;
    const { context, before, after } = await told(fresh, seed);
    const places = async (knownAt: number) =>
      kept((await readPlaceBalances(context, { scope: ALL, knownAt, ...PLACES })).rows);
    expect(await places(after)).toStrictEqual(await places(before));
    await context.close();
  });
});
