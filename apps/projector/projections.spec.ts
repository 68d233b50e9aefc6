import fc from 'fast-check';
import { expect, test } from 'vitest';
import { everything, onlyFunds } from '#access';
import { readBankAccounts, readBankLines, readOpenEntries, readReconciliation } from '#banking';
import { type EventLog, eventId, openMemoryLog } from '#event-log';
import {
  readBeneficiaryBalances,
  readBooks,
  readDisbursementTrace,
  readDisbursements,
  readDonorBalances,
  readFundBalances,
  readGiftTrace,
  readItemPositions,
  readJournal,
  readPlaceBalances,
  readPoolBalances,
  readProgrammeBalances,
  readTrialBalance,
} from '#funds';
import { readPlaceTree, readPlaces } from '#places';
import { writeEnvelope } from '#platform';
import { readPledgeAgeing } from '#pledges';
import { readAnnualFunding, readNeeds, readProgrammes } from '#programmes';
import { type AsOf, type ReadContext, type Store, catchUp, createProjector } from '#read-models';
import { bookHistory, randomFrom } from '../../tests/support/book-history.ts';
import { type StoreHome, withBothHomes } from '../../tests/support/stores.ts';
import { allProjections } from './projections.ts';

const YEAR = 2024;
const FUNDS = ['qbt-06', 'qbt-19'];
const PLACES = ['062-2021-01-01', '064-2021-01-01'];
const SHAPE = {
  funds: FUNDS,
  donors: 4,
  places: PLACES,
  beneficiaries: ['tre-1', 'tre-2'],
  programmes: ['ao-am', 'xe-dap'],
  year: YEAR,
  giftMax: 40,
  receiptsPercent: 35,
  receipts: 60,
};
const HASH = '0'.repeat(64);
/** Ids that languages order otherwise than bytes do, and texts that a database could take for its own signs. */
const DONORS = ['d-1', 'D-1', 'd_1', 'd1', 'dz', 'd-10', null];
const TEXTS = ['Áo ấm', "'; --", '{"a",NULL}', '\\', 'áo ấm', '', '🌿'];

type Random = (below: number) => number;
type Told = readonly [stream: string, type: string, data: object];

/** What is told about a thing that is no book: first its beginning, then any of its later steps. */
function told(random: Random, at: number): Told[] {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const id = `x-${at}`;
  const value = random(3) === 0 ? null : String(1 + random(500));
  const qualifier = pick(['exact', 'at-least', 'about'] as const);
  const stated = { value, qualifier };
  const place = { place: `${at}-2021-01-01` };
  const stories: Told[][] = [
    [
      [
        `pledge-${id}`,
        'pledge.made.v1',
        {
          pledge: id,
          donor: pick(DONORS),
          fund: pick(FUNDS),
          commodity: pick(['VND', 'EUR']),
          amount: value,
          qualifier,
          instalments:
            value === null || random(2)
              ? []
              : [{ index: 0, due: `${YEAR}-0${1 + random(9)}-15`, amount: value }],
          narrative: null,
        },
      ],
      [`pledge-${id}`, 'pledge.cancelled.v1', { pledge: id, reason: pick(TEXTS) }],
    ],
    [
      [
        `place-${place.place}`,
        'place.established.v1',
        {
          ...place,
          code: String(at),
          from: '2021-01-01',
          name: pick(TEXTS),
          level: 'province',
          parent: null,
        },
      ],
      [`place-${place.place}`, 'place.renamed.v1', { ...place, name: pick(TEXTS) }],
    ],
    [
      [
        `need-${id}`,
        'need.opened.v1',
        {
          need: id,
          place: pick([...PLACES, null]),
          programme: null,
          group: null,
          what: pick(TEXTS),
          quantity: stated,
          unit: null,
          amount: stated,
          commodity: null,
          children: stated,
          prospect: null,
          stage: 'requested',
          period: null,
          source: pick(TEXTS),
        },
      ],
      [`need-${id}`, 'need.verified.v1', { need: id }],
      [`need-${id}`, 'need.met.v1', { need: id, by: null }],
    ],
    [[`programme-${id}`, 'programme.opened.v1', { programme: id, name: pick(TEXTS) }]],
    [
      [
        `report-06-${YEAR}`,
        'report.support-reported.v1',
        {
          report: id,
          unit: '06',
          year: YEAR,
          channel: 'partner',
          line: pick(['local-budget/province', `outside/${at}`, null]),
          commodity: 'VND',
          amount: stated,
          partOf: null,
          source: pick(TEXTS),
        },
      ],
    ],
    bank(random, at),
    facility(`bttxh-${at}`, pick(TEXTS), [pick(DONORS), pick(DONORS), null]),
  ];
  const story = pick(stories);
  return story.slice(0, 1 + random(story.length));
}

/** Lines of a bank account, one of them matched and open again, and what somebody accepted of it. */
function bank(random: Random, at: number): Told[] {
  const account = `nh-${random(3)}`;
  const stream = `bank-${account}-${YEAR}`;
  const line = (n: number): string => `${at}${n}`.padStart(32, '0');
  const money = { amount: String(1 + random(9)), direction: random(2) ? 'in' : 'out' } as const;
  const match = `m-${at}`;
  const entry = `e-${at}`;
  const texts = { narrative: null, counterparty: null, bankRef: random(2) ? `áo ấm '${at}` : null };
  const recorded = (n: number): Told => [
    stream,
    'bank.line-recorded.v1',
    { account, line: line(n), valueOn: null, ...money, balance: random(2) ? '-7' : null, ...texts },
  ];
  const books = [{ fund: FUNDS[random(2)], account: 'tien-mat' }];
  const start = { bin: '970436', number: HASH, commodity: 'VND', startsOn: `${YEAR}-01-01`, books };
  return [
    [`bankaccount-${account}`, 'bankaccount.registered.v1', { account, ...start }],
    recorded(1),
    recorded(2),
    [
      stream,
      'bank.statement-imported.v1',
      {
        account,
        statement: line(9),
        file: HASH,
        format: 'csv',
        layout: 'detected',
        from: `${YEAR}-03-01`,
        to: `${YEAR}-03-31`,
        opening: '0',
        closing: String(random(20)),
        lines: 2,
        totalIn: '0',
        totalOut: '0',
        exceptions: [{ code: 'CLOSING_DIFFERS', details: { expected: '1', stated: '2' } }],
      },
    ],
    [stream, 'bank.line-split.v1', { account, line: line(2), parts: [money.amount, '1'] }],
    [
      stream,
      'bank.line-matched.v1',
      {
        account,
        match,
        lines: [{ line: line(1), ...money }],
        entries: [{ entry, fund: FUNDS[0], ...money, day: `${YEAR}-03-01` }],
        rule: random(2) ? 'reference' : null,
      },
    ],
    [stream, 'bank.line-unmatched.v1', { account, match, lines: [line(1)], entries: [entry], reason: HASH }],
    [stream, 'bank.reconciled.v1', { account, bank: '1', book: '1', items: '0', listed: 0, knownAt: 1 }],
  ];
}

/** The book of a care facility and its gifts, whose givers the annual table names. */
const facility = (fund: string, name: string, donors: readonly (string | null)[]): Told[] => {
  const stream = `book-${fund}-${YEAR}`;
  const book = { fund, year: YEAR, name, level: 'facility', place: PROVINCE, accounts: [], goods: [] };
  const gifts = donors.map((donor, at): Told => {
    const minted = [String(at * 5), String(at * 5 + 5)];
    const gift = { receipt: `${fund}-${at}`, voucher: `PT-${at}`, account: 'tien-mat', source: 'voluntary' };
    const units = { commodity: 'VND', amount: '5', pool: `${fund}/VND/general`, minted };
    const rest = { donor, place: null, pledge: null, period: null, valuation: null, narrative: null };
    return [stream, 'book.receipt-recorded.v1', { ...gift, ...units, ...rest }];
  });
  return [[stream, 'book.opened.v1', book], ...gifts];
};

const PROVINCE = '06-2021-01-01';
const PROVINCE_ESTABLISHED: Told = [
  `place-${PROVINCE}`,
  'place.established.v1',
  { place: PROVINCE, code: '06', from: '2021-01-01', name: 'Bắc Kạn', level: 'province', parent: null },
];

/** Random books with all the other things between them. */
async function randomLog(seed: number, count: number): Promise<EventLog> {
  const log = openMemoryLog();
  const random = randomFrom(seed + 1);
  const revisions = new Map<string, number>();
  let commands = 0;
  for (const { events: _, ...append } of bookHistory(SHAPE, randomFrom(seed))) {
    await log.append(append);
    if (random(3) === 0) {
      const day = `${YEAR}-0${1 + random(9)}-1${random(9)}`;
      commands += 1;
      for (const [stream, type, data] of commands === 1 ? [PROVINCE_ESTABLISHED] : told(random, commands)) {
        const commandId = `01990000-0000-7000-8000-${String(random(2 ** 31)).padStart(12, '0')}`;
        const last = revisions.get(stream);
        const revision = (last ?? -1) + 1;
        revisions.set(stream, revision);
        const id = eventId(commandId, 0);
        const ids = { id, commandId, correlationId: commandId, causationId: commandId };
        const recordedAt = append.writes[0]?.events[0]?.envelope.match(/"recordedAt":"([^"]+)"/)?.[1] ?? '';
        const envelope = writeEnvelope({
          ...ids,
          type,
          stream,
          revision,
          effectiveOn: day,
          recordedAt,
          actor: 'an',
          bodyHash: HASH,
          data,
        });
        const expected = last ?? 'no-stream';
        await log.append({
          command: commandId,
          requestHash: HASH,
          writes: [{ stream, expected, events: [{ id, type, envelope }] }],
        });
      }
    }
    if ((await log.head()) >= count) return log;
  }
  return log;
}

async function fill(home: StoreHome, log: EventLog, pageEvents: number): Promise<Record<string, unknown[]>> {
  const store: Store = home.store();
  const projector = await createProjector({ log, store, projections: allProjections, pageEvents });
  await catchUp(projector);
  expect(projector.builds().filter(({ fault }) => fault !== null)).toStrictEqual([]);
  const found: Record<string, unknown[]> = {};
  for (const { tables } of allProjections)
    for (const [table, { columns, key }] of Object.entries(tables)) {
      const sql = `select ${Object.keys(columns).join(', ')} from ${table} order by ${key.join(', ')}`;
      found[table] = (await store.all<object>(sql, [])).map((row) => ({ ...row }));
    }
  store.close();
  return found;
}

/** The answer of every query, as text: members and rows in their order. */
async function answers(context: ReadContext, asOf: AsOf, random: Random): Promise<string[]> {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const scope = random(3) === 0 ? onlyFunds('khach', ['qbt-06']) : everything('kiem-toan');
  const query = { scope, ...asOf };
  const { tree } = await readPlaceTree(context, { knownAt: asOf.knownAt });
  const rollUp = { tree, level: 'stated', on: `${YEAR}-07-01` } as const;
  const list = await readDisbursements(context, { ...query, limit: 5 });
  const journal = await readJournal(context, { ...query, limit: 7 });
  const disbursement = list.rows.at(-1)?.disbursement ?? 'none';
  const gifts = await readDisbursementTrace(context, { ...query, disbursement });
  const found = [
    [...tree.places],
    list,
    journal,
    gifts,
    await readJournal(context, { ...query, limit: 7, after: journal.next ?? undefined, account: 'tien-mat' }),
    await readDisbursements(context, { ...query, limit: 5, before: list.next ?? undefined, status: 'paid' }),
    await readGiftTrace(context, { ...query, receipt: gifts.gifts[0]?.receipt ?? 'none' }),
    await readItemPositions(context, disbursement),
    await readFundBalances(context, query),
    await readFundBalances(context, { ...query, keys: [pick(FUNDS), null], funds: FUNDS }),
    await readPlaceBalances(context, { ...query, rollUp }),
    await readBeneficiaryBalances(context, query),
    await readProgrammeBalances(context, { ...query, keys: [] }),
    await readProgrammeBalances(context, query),
    await readPoolBalances(context, query),
    await readTrialBalance(context, query),
    await readDonorBalances(context, { ...query, limit: 3 }),
    await readDonorBalances(context, { ...query, after: 'D-1', donors: undefined }),
    await readDonorBalances(context, { ...query, donors: DONORS }),
    await readBooks(context, query),
    await readBooks(context, { ...query, funds: [] }),
    await readPlaces(context, { on: `${YEAR}-07-01`, knownAt: asOf.knownAt }),
    await readPledgeAgeing(context, { ...query, on: `${YEAR}-06-30` }),
    await readAnnualFunding(context, { ...query, unit: '06', year: YEAR, tree }),
    await readNeeds(context, asOf),
    await readProgrammes(context, asOf),
    await readBankAccounts(context, query),
    await readBankLines(context, { ...query, account: 'nh-1', limit: 3 }),
    await readBankLines(context, { ...query, account: 'nh-2', open: true, limit: 9 }),
    await readOpenEntries(context, { ...query, account: 'nh-0', limit: 5 }),
    await readReconciliation(context, { ...query, account: 'nh-1', on: `${YEAR}-06-30` }),
  ];
  const written = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);
  return found.map((answer) => JSON.stringify(answer, written));
}

withBothHomes('the read models of one log', (freshSqlite, freshPostgres) => {
  test('have the same rows in both databases, and answer the same to every question at any dates', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 1, max: 90 }),
        async (seed, count, pageEvents) => {
          const log = await randomLog(seed, count);
          const head = await log.head();
          const [sqlite, postgres] = [await freshSqlite(), await freshPostgres()];
          const rows = await fill(sqlite, log, pageEvents);
          expect(await fill(postgres, log, pageEvents)).toStrictEqual(rows);
          const [a, b] = [sqlite.models(), postgres.models()];
          const random = randomFrom(seed + 2);
          for (let round = 0; round < 4; round += 1) {
            const dates: AsOf = {
              knownAt: round === 0 ? undefined : random(head + 2),
              effectiveThrough: round < 2 ? undefined : `${YEAR}-${10 + random(3)}-01`,
            };
            const question = random(2 ** 31);
            const expected = await answers({ db: a.db, log }, dates, randomFrom(question));
            expect(await answers({ db: b.db, log }, dates, randomFrom(question))).toStrictEqual(expected);
          }
          await a.close();
          await b.close();
        },
      ),
      { numRuns: 12 },
    );
  });
});
