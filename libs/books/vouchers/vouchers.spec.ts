import { everything, onlyFunds } from '#access';
import { openMemoryLog } from '#event-log';
import { type BookEvent, fundProjections } from '#funds';
import { placeProjections } from '#places';
import { programmeProjections } from '#programmes';
import { expect, it } from 'vitest';
import { accountsHistory } from '../../../tests/support/accounts-history.ts';
import { describeStores, projected } from '../../../tests/support/stores.ts';
import { entriesOf } from '../domain/entries.ts';
import { legsOf } from '../domain/legs.ts';
import { emptyPast, takeOver } from '../domain/past.ts';
import type { Profile } from '../domain/profile.ts';
import { bookProjections, profileNamed, readVoucher, readVouchers } from '../index.ts';
import type { ListedVoucher } from './list-vouchers.ts';

const FUND = 'qbt-06';
const YEAR = 2025;
const EVENTS = 260;
const PAGE = 7;
const scope = everything('kiem-toan');
const vnPublic = profileNamed('vn-public') as Profile;

/** What the events say of each number of the series: what a list is held against. */
function seriesOf(events: readonly BookEvent[], knownAt: number): Map<string, Partial<ListedVoucher>> {
  const found = new Map<string, Partial<ListedVoucher>>();
  for (const { type, data, stream, position, effectiveOn: day } of events) {
    if (stream !== `book-${FUND}-${YEAR}` || position > knownAt) continue;
    if (type === 'book.voucher-voided.v1') {
      const { voucher, replacedBy } = data;
      found.set(voucher, { ...found.get(voucher), status: 'voided', replacedBy });
      found.set(replacedBy, { status: 'written', replacedBy: null, replaces: voucher, day });
    } else if ('voucher' in data && typeof data.voucher === 'string' && !found.has(data.voucher))
      found.set(data.voucher, { status: 'written', replacedBy: null, replaces: null, day });
  }
  return found;
}

/** Nợ, Có and amount of each voucher, out of the events alone. */
function entriesOfVouchers(events: readonly BookEvent[]): Map<string, Map<string, bigint>> {
  const pasts = new Map<string, ReturnType<typeof emptyPast>>();
  const found = new Map<string, Map<string, bigint>>();
  for (const event of events) {
    const past = pasts.get(event.stream) ?? emptyPast();
    pasts.set(event.stream, past);
    if (event.type === 'book.fund-taken-over.v1')
      takeOver(past, pasts.get(`book-${event.data.from}-${YEAR}`) ?? emptyPast());
    const entries = entriesOf(vnPublic, past, legsOf(past, event));
    if (event.stream !== `book-${FUND}-${YEAR}`) continue;
    if (event.type === 'book.voucher-voided.v1') {
      found.set(event.data.replacedBy, found.get(event.data.voucher) ?? new Map());
      continue;
    }
    const { data } = event;
    if (!('voucher' in data) || typeof data.voucher !== 'string') continue;
    const own = found.get(data.voucher) ?? new Map<string, bigint>();
    found.set(data.voucher, own);
    for (const { debit, credit, commodity, amount } of entries) {
      const key = `${debit} ${credit} ${commodity}`;
      own.set(key, (own.get(key) ?? 0n) + amount);
    }
  }
  return found;
}

describeStores('vouchers', (fresh, store) => {
  it.each(store === 'SQLite' ? [21, 22, 23] : [24])(
    'of a random history are those of its events, at any position (history %i)',
    async (seed) => {
      const appends = accountsHistory(seed, EVENTS);
      const events = appends.flatMap((append) => append.events as BookEvent[]);
      const log = openMemoryLog();
      for (const { events: _, ...append } of appends) await log.append(append);
      const projections = [
        ...fundProjections,
        ...placeProjections,
        ...programmeProjections,
        ...bookProjections,
      ];
      const context = await projected(fresh, log, projections, 37);
      for (const knownAt of [events.length, Math.floor(events.length / 2)]) {
        const query = { scope, fund: FUND, year: YEAR, knownAt };
        const rows: ListedVoucher[] = [];
        let after: string | undefined;
        for (let page = 0; page < EVENTS; page += 1) {
          const found = await readVouchers(context, { ...query, after, limit: PAGE });
          rows.push(...found.rows);
          if (found.next === null) break;
          after = found.next;
        }
        const said = rows.map(({ voucher, status, replacedBy, replaces, day }) => [
          voucher,
          { status, replacedBy, replaces, day },
        ]);
        const expected = [...seriesOf(events, knownAt)].map(
          ([voucher, { status, replacedBy, replaces, day }]) => [
            voucher,
            { status, replacedBy, replaces, day },
          ],
        );
        const byNumber = (a: unknown[], b: unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1);
        expect(said.toSorted(byNumber)).toStrictEqual(expected.toSorted(byNumber));
        expect(rows.length).toBeGreaterThan(PAGE);
        for (const [series, prefix] of [
          ['receipt', 'PT'],
          ['payment', 'PC'],
          ['adjustment', 'DC'],
        ] as const) {
          const own = await readVouchers(context, { ...query, kind: series, limit: EVENTS });
          expect(own.rows.map(({ voucher }) => voucher)).toStrictEqual(
            rows.map(({ voucher }) => voucher).filter((voucher) => voucher.startsWith(prefix)),
          );
        }
      }
      for (const [voucher, entries] of entriesOfVouchers(events)) {
        const found = await readVoucher(context, { scope, fund: FUND, year: YEAR, voucher });
        if (found === null || !found.ok) throw new Error(voucher);
        const own = found.value.entries.map(
          ({ debit, credit, commodity, amount }) => [`${debit} ${credit} ${commodity}`, amount] as const,
        );
        expect(new Map(own)).toStrictEqual(entries);
      }
      await context.close();
    },
  );

  it('are seen by those alone whose scope has the fund', async () => {
    const appends = accountsHistory(25, 40);
    const log = openMemoryLog();
    for (const { events: _, ...append } of appends) await log.append(append);
    const projections = [
      ...fundProjections,
      ...placeProjections,
      ...programmeProjections,
      ...bookProjections,
    ];
    const context = await projected(fresh, log, projections);
    const other = { scope: onlyFunds('nguoi-khac', ['qbt-19']), fund: FUND, year: YEAR };
    expect((await readVouchers(context, other)).rows).toStrictEqual([]);
    expect(await readVoucher(context, { ...other, voucher: 'PT-000001' })).toBe(null);
    expect(await readVoucher(context, { scope, fund: FUND, year: YEAR, voucher: "x' or 1=1" })).toBe(null);
    await context.close();
  });
});
