import { everything } from '#access';
import { openMemoryLog } from '#event-log';
import { type BookEvent, fundProjections } from '#funds';
import type { Day } from '#kernel';
import type { ReadContext } from '#read-models';
import type { Kysely } from 'kysely';
import { describe, expect, it } from 'vitest';
import { accountsHistory } from '../../tests/support/accounts-history.ts';
import { randomFrom } from '../../tests/support/book-history.ts';
import { describeStores, projected } from '../../tests/support/stores.ts';
import type { Book } from './book.ts';
import { dayBefore } from './books/frame.ts';
import { type Entry, chartCode, entriesOf } from './domain/entries.ts';
import { legsOf } from './domain/legs.ts';
import { emptyPast, takeOver } from './domain/past.ts';
import type { Profile } from './domain/profile.ts';
import { profileNamed, profiles } from './profile.ts';
import { type BookQuery, quarterOf, readBook } from './read-book.ts';
import { entriesProjection } from './read-models/entries.ts';
import { detailOf } from './read-models/keys.ts';
import { type EntryTables, readSums } from './read-models/read-sums.ts';

const EVENTS = 160;
const SEGMENT = 32;
const PAGE = 3;
const YEAR = 2025;
const FUND = 'qbt-06';
const scope = everything('kiem-toan');
const vnPublic = profileNamed('vn-public') as Profile;

interface Known extends Entry {
  readonly day: Day;
  readonly position: number;
  readonly line: number;
  readonly fund: string;
}

/** Every entry of a history, made in one go: what the books are held against. */
function entriesOfEvents(profile: Profile, events: readonly BookEvent[]): Known[] {
  const pasts = new Map<string, ReturnType<typeof emptyPast>>();
  return events.flatMap((event) => {
    const fund = event.stream.slice('book-'.length, -'-2025'.length);
    const past = pasts.get(fund) ?? emptyPast();
    if (event.type === 'book.fund-taken-over.v1') takeOver(past, pasts.get(event.data.from) ?? emptyPast());
    pasts.set(fund, past);
    const { position, effectiveOn: day } = event;
    return entriesOf(profile, past, legsOf(past, event)).map((entry, line) => ({
      ...entry,
      day,
      position,
      line,
      fund,
    }));
  });
}

const opened = async (result: ReturnType<typeof readBook>): Promise<Book> => {
  const found = await result;
  if (found === null || !found.ok) throw new Error(`no book: ${JSON.stringify(found?.error)}`);
  return found.value;
};

/** All pages of a book, small ones. */
async function paged(context: ReadContext, query: BookQuery): Promise<Book[]> {
  const pages: Book[] = [];
  let after: string | undefined;
  do {
    const page = await opened(readBook(context, { ...query, after, limit: PAGE }, SEGMENT));
    pages.push(page);
    after = page.page.next ?? undefined;
  } while (after !== undefined && pages.length < EVENTS * 4);
  return pages;
}

const sum = (numbers: readonly bigint[]): bigint => numbers.reduce((n, each) => n + each, 0n);

interface Case {
  readonly from: Day;
  readonly to: Day;
  readonly knownAt: number | undefined;
}

describeStores('books', (fresh, store) => {
  // Half as many in the slower one: each asks some hundred pages.
  const seeds = store === 'SQLite' ? [1, 2, 3, 4] : [5, 6];

  it.each(seeds)(
    'say what the entries of a random history say, at any two dates (history %i)',
    async (seed) => {
      const appends = accountsHistory(seed, EVENTS);
      const events = appends.flatMap((append) => append.events as BookEvent[]);
      const log = openMemoryLog();
      for (const { events: _, ...append } of appends) await log.append(append);
      const projections = [
        ...fundProjections,
        ...profiles.map((profile) => entriesProjection(profile, { segmentEvents: SEGMENT })),
      ];
      const context = await projected(fresh, log, projections, 37);
      const random = randomFrom(seed);
      const cases: Case[] = [
        { from: '2025-01-01', to: '2025-12-31', knownAt: undefined },
        { ...quarterOf(YEAR, 2), knownAt: 1 + random(events.length) },
        { ...quarterOf(YEAR, 3), knownAt: undefined },
        { from: '2025-03-05', to: '2025-11-20', knownAt: events.length - 3 },
      ];
      for (const profile of profiles) {
        const all = entriesOfEvents(profile, events);
        for (const { knownAt, ...period } of cases) {
          const known = all.filter(
            (each) => each.fund === FUND && each.position <= (knownAt ?? events.length),
          );
          const query = { scope, fund: FUND, year: YEAR, profile: profile.name, knownAt, ...period };
          await assertTrialBalance(context, query, known);
          await assertJournal(context, query, known);
          const money = known.filter(({ commodity }) => commodity === 'VND');
          await assertLedgers(context, query, money, profile);
          await assertStatements(context, query, money);
        }
      }
      // Each case compared something: most of the year's entries are of this fund.
      const own = entriesOfEvents(vnPublic, events).filter(({ fund }) => fund === FUND);
      expect(own.length).toBeGreaterThan(EVENTS / 4);
      await context.close();
    },
  );

  it('stand at the lowest partition although others have written more', async () => {
    const appends = accountsHistory(7, EVENTS);
    const events = appends.flatMap((append) => append.events as BookEvent[]);
    const log = openMemoryLog();
    for (const { events: _, ...append } of appends) await log.append(append);
    const projection = entriesProjection(vnPublic, { segmentEvents: SEGMENT });
    const context = await projected(fresh, log, [projection]);
    const [position, highest, to] = [events.length - 20, events.length, '2025-12-31'];
    const known = entriesOfEvents(vnPublic, events).filter(
      (each) => each.fund === FUND && each.position <= position,
    );
    const found = await readSums(
      context.db as unknown as Kysely<EntryTables>,
      vnPublic,
      { position, knownAt: position, highest, segmentEvents: SEGMENT },
      { fund: FUND, detail: '', through: [to] },
    );
    const accounts = found.filter(({ account }) => !account.startsWith('#'));
    expect(
      accounts.map(({ account, commodity, through: [at] }) => [account, commodity, at?.debit, at?.credit]),
    ).toStrictEqual(
      accountsOf(known).map(({ account, commodity, own }) => {
        const { debit, credit } = sides(own, account, START, to);
        return [account, commodity, debit, credit];
      }),
    );
    await context.close();
  });
});

const sides = (
  known: readonly Known[],
  account: string,
  from: Day,
  to: Day,
): { debit: bigint; credit: bigint } => {
  const within = known.filter(({ day }) => day >= from && day <= to);
  return {
    debit: sum(within.filter((each) => each.debit === account).map(({ amount }) => amount)),
    credit: sum(within.filter((each) => each.credit === account).map(({ amount }) => amount)),
  };
};

/** Each account in each commodity that stands in it, with the entries in that commodity. */
const accountsOf = (
  known: readonly Known[],
): { readonly account: string; readonly commodity: string; readonly own: readonly Known[] }[] =>
  [...new Set(known.flatMap((each) => [each.debit, each.credit].map((side) => `${side} ${each.commodity}`)))]
    .sort()
    .map((key) => {
      const [account = '', commodity = ''] = key.split(' ');
      return { account, commodity, own: known.filter((each) => each.commodity === commodity) };
    });

const without = <T extends object>(cells: T, name: string): Partial<T> =>
  Object.fromEntries(Object.entries(cells).filter(([key]) => key !== name)) as Partial<T>;

type Query = Omit<BookQuery, 'book'> & { readonly from: Day; readonly to: Day };
const START = '2025-01-01';

async function assertTrialBalance(
  context: ReadContext,
  query: Query,
  known: readonly Known[],
): Promise<void> {
  const { rows, totals } = await opened(readBook(context, { ...query, book: 'trial-balance' }, SEGMENT));
  const { from, to } = query;
  const expected = accountsOf(known.filter(({ day }) => day <= to)).map(({ account, commodity, own }) => {
    const [before, period, year] = [
      sides(own, account, START, dayBefore(from)),
      sides(own, account, from, to),
      sides(own, account, START, to),
    ];
    const opening = before.debit - before.credit;
    const closing = opening + period.debit - period.credit;
    const on = (balance: bigint, side: 1n | -1n): bigint | null =>
      balance * side > 0n ? balance * side : null;
    return {
      account,
      commodity,
      openingDebit: on(opening, 1n),
      openingCredit: on(opening, -1n),
      periodDebit: period.debit,
      periodCredit: period.credit,
      yearDebit: year.debit,
      yearCredit: year.credit,
      closingDebit: on(closing, 1n),
      closingCredit: on(closing, -1n),
    };
  });
  expect(rows.map(({ cells }) => without(cells, 'name'))).toStrictEqual(expected);
  for (const { cells } of totals) {
    expect(cells['openingDebit']).toBe(cells['openingCredit']);
    expect(cells['periodDebit']).toBe(cells['periodCredit']);
    expect(cells['closingDebit']).toBe(cells['closingCredit']);
  }
}

const inOrder = (known: readonly Known[], { from, to }: Query): Known[] =>
  known
    .filter(({ day }) => day >= from && day <= to)
    .toSorted((a, b) =>
      a.day < b.day ? -1 : a.day > b.day ? 1 : a.position - b.position || a.line - b.line,
    );

async function assertJournal(context: ReadContext, query: Query, known: readonly Known[]): Promise<void> {
  const pages = await paged(context, { ...query, book: 'journal' });
  const rows = pages.flatMap((page) => page.rows);
  expect(
    rows.map(({ cells }) => [
      cells['journal'],
      cells['debitAccount'],
      cells['creditAccount'],
      cells['debit'],
    ]),
  ).toStrictEqual(
    inOrder(known, query).map(({ position, line, debit, credit, amount }) => [
      `${position}/${line}`,
      debit,
      credit,
      amount,
    ]),
  );
}

async function assertLedgers(
  context: ReadContext,
  query: Query,
  known: readonly Known[],
  profile: Profile,
): Promise<void> {
  const [cashCode, giftCode] = [profile.own.bank, profile.name === 'general' ? '4000' : '3661'];
  const both = await ledgerOf(context, { ...query, book: 'general-ledger', account: cashCode });
  expect(both).toStrictEqual(
    expectedLedger(
      known,
      query,
      (account) => chartCode(account) === cashCode,
      () => true,
      1n,
    ),
  );
  const cash = await paged(context, { ...query, book: 'cash-book', account: 'tien-mat' });
  const inAndOut = cash.flatMap(({ rows }) =>
    rows
      .filter(({ kind }) => kind === 'line')
      .map(({ cells }) => [cells['in'], cells['out'], cells['balance']]),
  );
  expect(inAndOut).toStrictEqual(
    expectedLedger(
      known,
      query,
      (account) => account === `${profile.own.cash}:tien-mat`,
      () => true,
      1n,
    ).map(([, debit, credit, balance]) => [debit, credit, balance]),
  );
  for (const key of ['d-1', ''])
    expect(
      await ledgerOf(context, { ...query, book: 'detail-ledger', account: giftCode, by: 'donor', key }),
    ).toStrictEqual(
      expectedLedger(
        known,
        query,
        (account) => account === giftCode,
        (entry) => detailOf(entry, 'donor') === key,
        -1n,
      ),
    );
}

type LedgerLine = (string | bigint | number | null | undefined)[];

async function ledgerOf(context: ReadContext, query: BookQuery): Promise<LedgerLine[]> {
  const pages = await paged(context, query);
  for (const [at, page] of pages.entries()) {
    const [opening, ...lines] = page.rows;
    expect(opening?.kind).toBe('opening');
    expect(lines.every(({ kind }) => kind === 'line')).toBe(true);
    // Each page begins with what the one before ended with.
    const before = pages[at - 1]?.rows.at(-1);
    if (before !== undefined) expect(opening?.cells['balance']).toBe(before.cells['balance']);
    expect(page.totals.length).toBe(at === pages.length - 1 ? 3 : 0);
  }
  const last = pages.at(-1);
  expect(last?.totals.at(-1)?.cells['balance']).toBe(last?.rows.at(-1)?.cells['balance']);
  return pages.flatMap(({ rows }) =>
    rows
      .filter(({ kind }) => kind === 'line')
      .map(({ cells }) => [cells['journal'], cells['debit'], cells['credit'], cells['balance']]),
  );
}

function expectedLedger(
  known: readonly Known[],
  query: Query,
  isOf: (account: string) => boolean,
  isWanted: (entry: Known) => boolean,
  sign: 1n | -1n,
): LedgerLine[] {
  const wanted = known.filter(isWanted);
  const change = (each: Known): bigint =>
    (isOf(each.debit) ? each.amount : 0n) - (isOf(each.credit) ? each.amount : 0n);
  let balance = sum(wanted.filter(({ day }) => day < query.from).map(change));
  return inOrder(wanted, query).flatMap(({ position, line, amount, debit, credit }) =>
    [...(isOf(debit) ? [{ isDebit: true }] : []), ...(isOf(credit) ? [{ isDebit: false }] : [])].map(
      ({ isDebit }) => {
        balance += isDebit ? amount : -amount;
        return [`${position}/${line}`, isDebit ? amount : null, isDebit ? null : amount, sign * balance];
      },
    ),
  );
}

async function assertStatements(context: ReadContext, query: Query, known: readonly Known[]): Promise<void> {
  const { from, to } = query;
  const rowsOf = ({ rows }: Book): Book['rows'] => rows.filter(({ commodity }) => commodity === 'VND');
  const flows = (
    flow: string,
    value: (entry: Known) => string,
    isIn: (day: Day) => boolean,
  ): Map<string, bigint> => {
    const sums = new Map<string, bigint>();
    for (const each of known)
      if (each.flow === flow && isIn(each.day))
        sums.set(value(each), (sums.get(value(each)) ?? 0n) + (each.isBack ? -each.amount : each.amount));
    return sums;
  };
  const source = await opened(readBook(context, { ...query, book: 'receipts-and-uses-by-source' }, SEGMENT));
  const whole = sum([
    ...flows(
      'received',
      () => '',
      (day) => day <= to,
    ).values(),
  ]);
  const wentBack = sum([
    ...flows(
      'refunded',
      () => '',
      (day) => day <= to,
    ).values(),
  ]);
  const used =
    wentBack +
    sum([
      ...flows(
        'used',
        () => '',
        (day) => day <= to,
      ).values(),
    ]);
  const period =
    flows(
      'used',
      () => '',
      (day) => day >= from && day <= to,
    ).get('') ?? 0n;
  expect(sum(rowsOf(source).map(({ cells }) => cells['closing'] as bigint))).toBe(whole - used);
  expect(sum(rowsOf(source).map(({ cells }) => cells['used'] as bigint))).toBe(period);
  const bySource = flows(
    'used',
    (each) => each.source ?? '',
    (day) => day >= from && day <= to,
  );
  expect(
    rowsOf(source)
      .map(({ cells }) => cells['used'] as bigint)
      .filter((each) => each !== 0n)
      .sort(),
  ).toStrictEqual([...bySource.values()].filter((each) => each !== 0n).sort());
  const recipients = await opened(
    readBook(context, { ...query, book: 'receipts-and-uses-by-recipient' }, SEGMENT),
  );
  expect(sum(rowsOf(recipients).map(({ cells }) => cells['used'] as bigint))).toBe(period);
  const activities = await opened(readBook(context, { ...query, book: 'activities' }, SEGMENT));
  const disclosure = await opened(readBook(context, { ...query, book: 'disclosure-quarter' }, SEGMENT));
  expect(activities.rows.filter(({ kind }) => kind === 'heading')).toHaveLength(2);
  // No line of what is published names a child.
  expect(
    JSON.stringify(disclosure.rows, (_, cell: unknown) =>
      String(cell) === cell ? cell : typeof cell === 'bigint' ? String(cell) : cell,
    ),
  ).not.toContain('tre-');
  // Donors one by one, and the rest, are all that came in less what went back.
  const shownRows = disclosure.rows.filter(
    ({ kind, commodity }) => kind === 'heading' || commodity === 'VND',
  );
  const section = (title: string): Book['rows'] => {
    const start = shownRows.findIndex(({ cells }) => String(cells['item']).startsWith(title));
    const after = shownRows.slice(start + 1);
    const end = after.findIndex(({ kind }) => kind === 'heading');
    return end < 0 ? after : after.slice(0, end);
  };
  const inPeriod = (day: Day): boolean => day >= from && day <= to;
  const given = flows('received', (each) => each.donor ?? '', inPeriod);
  for (const [donor, back] of flows('refunded', (each) => each.donor ?? '', inPeriod))
    given.set(donor, (given.get(donor) ?? 0n) - back);
  const shown = section('II. ').map(({ cells }) => [cells['item'], cells['period']] as const);
  const named = [...given].filter(([donor, amount]) => donor !== '' && amount !== 0n);
  expect(
    shown.filter(([item, amount]) => !String(item).startsWith('Chưa') && amount !== 0n).sort(),
  ).toStrictEqual(named.sort());
  expect(sum(shown.map(([, amount]) => amount as bigint))).toBe(sum([...given.values()]));
  const left = disclosure.totals.findLast(({ commodity }) => commodity === 'VND')?.cells['period'] ?? 0n;
  expect(left).toBe(whole - used);
}

describe('a book that is asked for wrongly', () => {
  const query: BookQuery = { scope, fund: FUND, year: YEAR, book: 'journal' };
  const context = { db: undefined, log: undefined } as unknown as ReadContext;
  it.each([
    ['PROFILE_UNKNOWN', { profile: 'x' }],
    ['BOOK_NAME_UNKNOWN', { book: 'so-gi' }],
    ['PERIOD_OUTSIDE_YEAR', { from: '2025-02-01', to: '2025-01-01' }],
    ['PERIOD_OUTSIDE_YEAR', { from: '2024-02-01' }],
    ['PLACE_INVALID', { after: 'cuoi' }],
  ])('is refused with %s', async (code, change) => {
    expect(await readBook(context, { ...query, ...change })).toMatchObject({ ok: false, error: { code } });
  });
});
