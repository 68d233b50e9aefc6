/**
 * How fast pages of accounting books are: `node scripts/node26.mjs --conditions=source tests/bench/books.bench.ts
 * [events]`. One fund, one year, in SQLite in a temporary folder: builds the entries of every profile, then asks
 * pages all over the year. Prints; judges nothing.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everything } from '#access';
import { type BookQuery, bookProjections, readBook } from '#books';
import { openSqliteLogReader } from '#event-log';
import { fundProjections } from '#funds';
import { catchUp, createProjector, openReadModels, openStore } from '#read-models';
import { BENCH_FUND, BENCH_YEAR as YEAR, fillYear } from './year-log.ts';

const whole = (rate: number): string => Math.round(rate).toLocaleString('en');

const [events = 1_000_000] = process.argv.slice(2).map(Number);
const PAGES = 200;
const folder = mkdtempSync(join(tmpdir(), 'la-lanh-books-'));
const print = (name: string, value: string): void =>
  void process.stdout.write(`${name.padEnd(48)} ${value}\n`);

try {
  await fillYear(folder, events);
  const log = openSqliteLogReader(folder);
  const head = await log.head();
  const file = join(folder, 'readmodels.db');
  const store = openStore(file);
  const books = fundProjections.filter(({ name }) => name === 'books');
  for (const projection of [...books, ...bookProjections]) {
    const started = performance.now();
    const cpu = process.cpuUsage();
    const known = [...books, ...bookProjections];
    const upTo = known.slice(0, known.indexOf(projection) + 1);
    await catchUp(await createProjector({ log, store, projections: upTo }));
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - started) / 1000;
    print(
      `build ${projection.name}, ${head.toLocaleString('en')} events`,
      `${whole(head / seconds)} events/s, ${whole((head * 1e6) / (user + system))} per CPU second`,
    );
  }
  store.close();
  print('size of the read models', `${Math.round(statSync(file).size / 2 ** 20)} MiB`);

  const models = openReadModels(file);
  const scope = everything('bench');
  const month = (i: number): string => String(1 + (i % 12)).padStart(2, '0');
  const day = (i: number): string => `${YEAR}-${month(i)}-${String(1 + ((i * 7) % 28)).padStart(2, '0')}`;
  const measured: readonly (readonly [
    string,
    (i: number) => Partial<BookQuery> & { readonly book: string },
  ])[] = [
    ['journal', (i) => ({ book: 'journal', after: `${day(i)}.1.0` })],
    [
      'general ledger',
      (i) => ({ book: 'general-ledger', account: '111', after: `${day(i)}.${i * 1_000}.0` }),
    ],
    [
      'general ledger, known at an earlier position',
      (i) => ({
        book: 'general-ledger',
        account: '111',
        after: `${day(i)}.1.0`,
        knownAt: Math.floor((head * (i + 1)) / (PAGES + 1)),
      }),
    ],
    ['cash book', (i) => ({ book: 'cash-book', after: `${day(i)}.${i * 1_000}.0` })],
    [
      'detail ledger of a donor',
      (i) => ({ book: 'detail-ledger', account: '3661', by: 'donor', key: `d-${i}`, after: `${day(i)}.1.0` }),
    ],
    [
      'detail ledger of a recipient',
      (i) => ({ book: 'detail-ledger', account: '6111', by: 'recipient', key: `tre-${i}` }),
    ],
    ['trial balance', (i) => ({ book: 'trial-balance', from: `${YEAR}-${month(i)}-01` })],
    [
      'trial balance, known at an earlier position',
      (i) => ({
        book: 'trial-balance',
        from: `${YEAR}-${month(i)}-01`,
        knownAt: Math.floor((head * (i + 1)) / (PAGES + 1)),
      }),
    ],
    [
      'receipts and uses by source',
      (i) => ({ book: 'receipts-and-uses-by-source', from: `${YEAR}-${month(i)}-01` }),
    ],
    [
      'receipts and uses by recipient',
      (i) => ({ book: 'receipts-and-uses-by-recipient', from: `${YEAR}-${month(i)}-01` }),
    ],
    ['statement of activities', (i) => ({ book: 'activities', from: `${YEAR}-${month(i)}-01` })],
    ['disclosure', (i) => ({ book: 'disclosure-quarter', from: `${YEAR}-${month(i)}-01` })],
  ];
  for (const [name, ask] of measured) {
    const times: number[] = [];
    let rows = 0;
    for (let i = 0; i < PAGES; i += 1) {
      const started = performance.now();
      const found = await readBook(
        { db: models.db, log },
        { scope, fund: BENCH_FUND, year: YEAR, ...ask(i) },
      );
      times.push(performance.now() - started);
      if (!found?.ok) throw new Error(`${name} was not read`);
      rows += found.value.rows.length;
    }
    times.sort((a, b) => a - b);
    const at = (share: number): string =>
      (times[Math.min(PAGES - 1, Math.floor(PAGES * share))] ?? 0).toFixed(1);
    print(name, `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${Math.round(rows / PAGES)} rows a page`);
  }
  await models.close();
  await log.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
