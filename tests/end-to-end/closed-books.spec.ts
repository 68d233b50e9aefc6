import { expect, test } from 'vitest';
import { everything } from '#access';
import { BOOK_NAMES, type BookQuery, bookProjections, profiles, readBook } from '#books';
import { type EventLog, openMemoryLog } from '#event-log';
import {
  type BookEvent,
  type BookState,
  bookKind,
  bookStream,
  closedBookOf,
  fundProjections,
  isReceipt,
  readBeneficiaryBalances,
  readDisbursement,
  readDisbursementTrace,
  readDisbursements,
  readDonorBalances,
  readFundBalances,
  readGiftTrace,
  readJournal,
  readOpenItems,
  readPlaceBalances,
  readPoolBalances,
  readProgrammeBalances,
  readTrialBalance,
  readVoidedVouchers,
} from '#funds';
import type { LedgerEvent } from '#kernel';
import { emptyTree } from '#places';
import { writeEnvelope } from '#platform';
import type { ReadContext } from '#read-models';
import { decideRecordReceipt } from '../../libs/funds/domain/record-receipt.ts';
import { ACCOUNTS_SHAPE, accountsHistory } from '../support/accounts-history.ts';
import { recorded } from '../support/funds.ts';
import { type FreshHome, describeStores, projected } from '../support/stores.ts';

/** Two years of random work with facts found after the close, on small gifts, so that corrections meet uses. */
const YEAR = 2025;
const LAST_DAY = `${YEAR}-12-31`;
const FUND = 'qbt-06';
const SHAPE = {
  ...ACCOUNTS_SHAPE,
  funds: [FUND],
  giftMax: 60,
  receiptsPercent: 30,
  receipts: 50,
  yearEndsAfter: 130,
};
const EVENTS = 330;
const ALL = everything('kiem-toan');
const PAGE = 500;

type History = ReturnType<typeof accountsHistory>;

async function logOf(history: History): Promise<EventLog> {
  const log = openMemoryLog();
  for (const { events: _, ...append } of history) await log.append(append);
  return log;
}

/** Where a read stands: what the same question says at another time, though nothing else does. */
const STANDING = new Set(['position', 'knownAt']);

const written = (figures: unknown): string =>
  JSON.stringify(
    figures,
    (key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : STANDING.has(key) ? undefined : value,
    1,
  );

/** Every book and statement of the year, in both profiles. */
async function booksOf(context: ReadContext, knownAt: number | undefined): Promise<unknown[]> {
  const made: unknown[] = [];
  for (const profile of profiles) {
    const asks: Partial<BookQuery>[] = BOOK_NAMES.flatMap((book): Partial<BookQuery>[] => {
      if (book === 'general-ledger') return profile.chart.map(({ code }) => ({ book, account: code }));
      if (book === 'detail-ledger')
        return profile.chart.flatMap(({ code, details }) =>
          details.map((by) => ({ book, account: code, by })),
        );
      if (book === 'cash-book') return [{ book, account: 'tien-mat' }];
      if (book === 'bank-book') return [{ book, account: 'nh-1' }];
      return [{ book }, { book, from: `${YEAR}-10-01` }];
    });
    for (const ask of asks) {
      const query = { scope: ALL, fund: FUND, year: YEAR, profile: profile.name, limit: PAGE, knownAt };
      made.push([ask, await readBook(context, { ...query, book: '', ...ask })]);
    }
  }
  return made;
}

/** Every balance, list and trace at the last day of the year. */
async function balancesOf(
  context: ReadContext,
  knownAt: number | undefined,
  { receipts, disbursements }: Items,
): Promise<unknown> {
  const asked = { scope: ALL, effectiveThrough: LAST_DAY, knownAt };
  const paged = { ...asked, limit: PAGE };
  const rollUp = { tree: emptyTree(), level: 'stated', on: LAST_DAY } as const;
  const gifts: unknown[] = [];
  for (const receipt of receipts) gifts.push(await readGiftTrace(context, { ...asked, receipt }));
  const uses: unknown[] = [];
  for (const disbursement of disbursements)
    uses.push(
      await readDisbursementTrace(context, { ...asked, disbursement }),
      await readDisbursement(context, { ...asked, disbursement }),
    );
  return {
    funds: await readFundBalances(context, asked),
    pools: await readPoolBalances(context, asked),
    programmes: await readProgrammeBalances(context, asked),
    beneficiaries: await readBeneficiaryBalances(context, asked),
    places: await readPlaceBalances(context, { ...asked, rollUp }),
    donors: await readDonorBalances(context, paged),
    trial: await readTrialBalance(context, asked),
    journal: await readJournal(context, paged),
    items: await readOpenItems(context, paged),
    disbursements: await readDisbursements(context, paged),
    vouchers: await readVoidedVouchers(context, asked),
    gifts,
    uses,
  };
}

interface Items {
  readonly receipts: readonly string[];
  readonly disbursements: readonly string[];
}

interface Figures {
  readonly books: string;
  readonly balances: string;
}

async function figuresOf(
  fresh: FreshHome,
  history: History,
  items: Items,
  knownAt?: number,
): Promise<Figures> {
  const context = await projected(fresh, await logOf(history), [...fundProjections, ...bookProjections], 41);
  const books = written(await booksOf(context, knownAt));
  const balances = written(await balancesOf(context, knownAt, items));
  await context.close();
  return { books, balances };
}

/** The history, the part of it until the year was closed, and what stood in the closed book. */
function twoYears(seed: number): { all: History; closed: History; items: Items; late: number } {
  const all = accountsHistory(seed, EVENTS, SHAPE);
  const closing = all.findIndex(({ events }) => events[0]?.type === 'book.closed.v1');
  const closed = all.slice(0, closing + 1);
  const events = closed.flatMap((append) => append.events as BookEvent[]);
  const after = all.slice(closing + 1).flatMap((append) => append.events);
  return {
    all,
    closed,
    items: {
      receipts: events.flatMap((event) => (isReceipt(event) ? [event.data.receipt] : [])),
      disbursements: events.flatMap((event) =>
        event.type === 'book.disbursement-proposed.v1' ? [event.data.disbursement] : [],
      ),
    },
    late: after.filter((event) => closedBookOf(event) !== null).length,
  };
}

/** What a ledger would append that let a late gift into the closed book. */
function intoClosed(history: History, closed: History): History {
  const stream = bookStream(FUND, YEAR);
  const own = closed.flatMap(({ events }) => events);
  const book = own.reduce<BookState>(
    (state, event) => bookKind.evolve(state, event),
    bookKind.initial(stream),
  );
  // The fault: the closing is forgotten.
  book.status = 'open';
  book.lockedThrough = 0;
  const context = {
    commandId: 'ffffffff-0000-7000-8000-000000000001',
    actor: 'an',
    recordedAt: `${YEAR + 1}-12-31T00:00:00.000Z`,
    today: `${YEAR + 1}-12-31`,
  };
  const decided = decideRecordReceipt(
    {
      fund: FUND,
      commodity: 'VND',
      amount: '7',
      account: 'tien-mat',
      source: 'voluntary',
      donor: 'd-1',
      // A pool of its own: its numbers are taken by nothing that came later.
      restriction: { purpose: 'den-muon' },
      place: null,
      pledge: null,
      period: null,
      valuation: null,
      narrative: null,
      effectiveOn: `${YEAR}-11-30`,
    },
    book,
    context,
  );
  if (!decided.ok) throw new Error('a book that forgot its closing takes what comes');
  const all = history.flatMap(({ events }) => events);
  const events = recorded(decided.value, context, own.length).map((event) => ({
    ...event,
    position: all.length + 1,
  })) as LedgerEvent[];
  const stored = events.map((event) => ({
    id: event.id,
    type: event.type,
    envelope: writeEnvelope({ ...event, bodyHash: '0'.repeat(64) }),
  }));
  const writes = [{ stream, expected: own.length - 1, events: stored }] as const;
  return [...history, { command: context.commandId, requestHash: '0'.repeat(64), writes, events }];
}

describeStores('a closed book', (fresh, store) => {
  const seeds = store === 'SQLite' ? [1, 2, 3, 4, 5, 6] : [7];

  test.each(seeds)(
    'says for ever what it said at its close, whatever is found later (history %i)',
    async (seed) => {
      const { all, closed, items, late } = twoYears(seed);
      const at = closed.reduce((n, { events }) => n + events.length, 0);
      expect(late).toBeGreaterThan(5);
      const atClose = await figuresOf(fresh, closed, items);
      const now = await figuresOf(fresh, all, items);
      expect(now.books).toBe(atClose.books);
      expect(now.balances).toBe(atClose.balances);
      const knownThen = await figuresOf(fresh, all, items, at);
      expect(knownThen).toStrictEqual(atClose);
    },
  );

  test('is seen to change when a late gift is let into it', async () => {
    const { all, closed, items } = twoYears(seeds[0] ?? 1);
    const atClose = await figuresOf(fresh, closed, items);
    const faulty = await figuresOf(fresh, intoClosed(all, closed), items);
    expect(faulty.books).not.toBe(atClose.books);
    expect(faulty.balances).not.toBe(atClose.balances);
  });
});
