/**
 * How fast a year closes: `node scripts/node26.mjs --conditions=source tests/bench/closing.bench.ts [events]`. One
 * fund, one year, the embedded log in a temporary folder, every command durable before it is answered: opens the
 * folder, shows the closing, closes, and opens the next year with all that is carried. Prints; judges nothing.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LedgerFolder, openLedgerFolder } from '../../apps/ledger/open-folder.ts';
import { BENCH_FUND, BENCH_YEAR, fillYear } from './year-log.ts';

const [events = 1_000_000] = process.argv.slice(2).map(Number);
/** Appends that one opening may take here. */
const APPENDS_MAX = 100;
const folder = mkdtempSync(join(tmpdir(), 'la-lanh-closing-'));

/** Runs a step; prints how long it took, by the clock and by the processor. */
async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const done = await work();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(
    `${name.padEnd(56)} ${seconds.toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s of CPU\n`,
  );
  return done;
}

async function send(
  { ledger }: LedgerFolder,
  handler: string,
  body: object,
  dryRun = false,
): Promise<readonly { readonly type: string }[]> {
  const outcome = await ledger.execute({ handler, key: randomUUID(), actor: 'truong', body, dryRun });
  if (!outcome.ok) throw new Error(`${handler}: ${JSON.stringify(outcome.error)}`);
  return dryRun ? (outcome.value.wouldAppend ?? []) : outcome.value.events;
}

const count = (facts: readonly { readonly type: string }[]): string =>
  Object.entries(Object.groupBy(facts, ({ type }) => type))
    .map(([type, of]) => `${of?.length ?? 0} ${type}`)
    .join(', ');

/** Opens the next year, and goes on carrying until all is there. */
async function openNext(folder: LedgerFolder): Promise<readonly { readonly type: string }[]> {
  const year = BENCH_YEAR + 1;
  const appended = [
    ...(await send(folder, 'open-book', {
      fund: BENCH_FUND,
      year,
      name: 'Quỹ',
      level: 'province',
      accounts: [
        { account: 'tien-mat', kind: 'cash' },
        { account: 'vcb', kind: 'bank' },
      ],
      effectiveOn: `${year}-01-01`,
    })),
  ];
  for (let append = 1; append < APPENDS_MAX; append += 1) {
    const body = { fund: BENCH_FUND, year };
    const outcome = await folder.ledger.execute({
      handler: 'carry-forward',
      key: randomUUID(),
      actor: 'truong',
      body,
    });
    if (!outcome.ok) return appended;
    appended.push(...outcome.value.events);
  }
  throw new Error('the year before leaves no end of items');
}

try {
  await timed(`${events.toLocaleString('en')} events made and appended`, () => fillYear(folder, events));
  const close = { fund: BENCH_FUND, year: BENCH_YEAR, effectiveOn: `${BENCH_YEAR}-12-31`, reason: 'het nam' };
  // No snapshot is there yet: the book is folded from its first event.
  let open = await openLedgerFolder(folder);
  await timed('closing shown, the book read from its first event', () =>
    send(open, 'close-book', close, true),
  );
  await open.close();
  open = await timed('folder opened again', () => openLedgerFolder(folder));
  await timed('closing shown, the book read from its snapshot', () => send(open, 'close-book', close, true));
  const closed = await timed('year closed', () => send(open, 'close-book', close));
  const opened = await timed('next year opened with all that is carried', () => openNext(open));
  process.stdout.write(`appended: ${count(closed)}\n          ${count(opened)}\n`);
  await open.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
