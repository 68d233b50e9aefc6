/**
 * How fast a bank file becomes matched lines: `node scripts/node26.mjs --conditions=source tests/bench/banking.bench.ts
 * [lines] [entries]`. Makes a fund with `entries` gifts in a temporary folder, in a process of its own. Then two
 * processes are measured, as the command line runs them: one reads a CSV of `lines` lines and records them, one
 * brings the read models up and matches by reference. Everything is durable. Prints; judges nothing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { everything } from '#access';
import { bankProjections, importBankFile, matchAccount, readReconciliation } from '#banking';
import type { EventLogReader } from '#event-log';
import { catchUp, createProjector, openReadModels, openStore } from '#read-models';
import { openLedgerFolder } from '../../apps/ledger/open-folder.ts';
import { statementText } from '../support/bank.ts';

const CLOCK = Date.parse('2026-12-31T03:00:00Z');
const BATCH = 2_000;
/** As `scripts/lalanh.mjs` starts `lalanh bank`. */
const SMALL_HEAP = ['--heap-growing-percent=30', '--max-semi-space-size=2'];
const [first = '', ...rest] = process.argv.slice(2);
const print = (name: string, value: string): void =>
  void process.stdout.write(`${name.padEnd(52)} ${value}\n`);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const dayOf = (at: number, all: number): string => {
  const day = Math.floor((at / all) * 360);
  return `2026-${String(1 + Math.floor(day / 30)).padStart(2, '0')}-${String(1 + (day % 28)).padStart(2, '0')}`;
};
const amountOf = (at: number): number => 10_000 + ((at * 7_919) % 90) * 10_000;
const keyOf = (at: number): string => `01990000-0000-7000-8000-${String(at).padStart(12, '0')}`;

/** Brings the read models up and lets them go, as the command line does. */
async function projectInto(folder: string, log: EventLogReader): Promise<void> {
  const store = openStore(join(folder, 'readmodels.db'));
  await catchUp(await createProjector({ log, store, projections: bankProjections }));
  store.close();
}

async function project(folder: string): Promise<void> {
  const opened = await openLedgerFolder(folder, { clock: () => CLOCK });
  await projectInto(folder, opened.log);
  await opened.close();
}

/** A book with its gifts, the account, the file. */
async function make(folder: string, lines: number, entries: number): Promise<void> {
  const { ledger, close } = await openLedgerFolder(folder, { clock: () => CLOCK });
  const tell = async (
    commands: readonly { handler: string; body: object }[],
    from: number,
  ): Promise<string[]> => {
    const sent = commands.map(({ handler, body }, i) => ({
      handler,
      body,
      key: keyOf(from + i),
      actor: 'bench',
    }));
    return (await ledger.executeMany(sent)).map((outcome) => {
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
      return outcome.value.commandId;
    });
  };
  const book = {
    fund: 'qbt-06',
    year: 2026,
    name: 'Quỹ',
    level: 'province',
    accounts: [{ account: 'nh-1', kind: 'bank' }],
    effectiveOn: '2026-01-01',
  };
  const account = {
    account: 'vcb-1',
    bin: '970436',
    number: '0071000123456',
    startsOn: '2026-01-01',
    books: [{ fund: 'qbt-06', account: 'nh-1' }],
    effectiveOn: '2026-01-01',
  };
  await tell([{ handler: 'open-book', body: book }], 1);
  await tell([{ handler: 'register-bank-account', body: account }], 2);
  for (let at = 0; at < entries; at += BATCH)
    await tell(
      Array.from({ length: Math.min(BATCH, entries - at) }, (_, i) => ({
        handler: 'record-receipt',
        body: {
          fund: 'qbt-06',
          account: 'nh-1',
          source: 'voluntary',
          commodity: 'VND',
          amount: String(amountOf(at + i)),
          effectiveOn: dayOf(at + i, entries),
        },
      })),
      10 + at,
    );
  await close();
  await project(folder);
  // Every second gift is on the statement; one in ten says nothing that could be found.
  const made = Array.from({ length: lines }, (_, i) => {
    const gift = Math.floor((i / lines) * entries);
    const voucher = `PT-${String(gift + 1).padStart(6, '0')}`;
    const text =
      i % 10 === 9
        ? 'ung ho tre em vung cao'
        : `MBVCB.${i}.${voucher.replace('-', ' ')}.CT tu 001 NGUYEN VAN A`;
    return { day: dayOf(gift, entries), amount: amountOf(gift), text };
  });
  const sorted = made.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  writeFileSync(join(folder, 'statement.csv'), statementText(sorted));
}

/** What a process says of itself when its work is done. */
function printProcess(name: string, ms: number): void {
  const { user, system } = process.cpuUsage();
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  print(`${name}: time of the work`, seconds(ms));
  print(`${name}: processor time, start to end`, seconds((user + system) / 1000));
  print(`${name}: largest memory (RSS)`, `${memory} MB`);
}

/** As `lalanh bank import` does: reads, makes line ids, keeps texts, records lines. */
async function measureImport(folder: string): Promise<void> {
  const opened = await openLedgerFolder(folder, { thread: false, clock: () => CLOCK });
  const start = performance.now();
  const bytes = readFileSync(join(folder, 'statement.csv'));
  const report = await importBankFile(opened, { account: 'vcb-1', bytes, actor: 'bench' });
  if (report.refusal) throw new Error(JSON.stringify(report.refusal));
  const ms = performance.now() - start;
  const size = (bytes.length / 1024 / 1024).toFixed(1);
  print('file', `${size} MB, ${report.statements[0]?.recorded ?? 0} lines recorded`);
  printProcess('import', ms);
  await opened.close();
}

/** As `lalanh bank match` does: brings the read models up and matches; then the statement, beside the figures. */
async function measureMatch(folder: string): Promise<void> {
  const opened = await openLedgerFolder(folder, { thread: false, clock: () => CLOCK });
  const start = performance.now();
  await projectInto(folder, opened.log);
  const models = openReadModels(join(folder, 'readmodels.db'));
  const context = { db: models.db, log: opened.log };
  const scope = everything('bench');
  const matched = await matchAccount({ ...opened, context }, { scope, account: 'vcb-1', actor: 'bench' });
  const ms = performance.now() - start;
  print('matched', JSON.stringify(matched.ok ? matched.value : matched.error));
  printProcess('match', ms);
  await projectInto(folder, opened.log);
  const shown = performance.now();
  const found = await readReconciliation(context, { scope, account: 'vcb-1', on: '2026-12-31' });
  print('then: reconciliation statement', seconds(performance.now() - shown));
  print('difference of the statement', String(found?.statement.difference));
  await models.close();
  await opened.close();
}

const [folderArgument = ''] = rest;
if (first === 'make') await make(folderArgument, Number(rest[1]), Number(rest[2]));
else if (first === 'import') await measureImport(folderArgument);
else if (first === 'match') await measureMatch(folderArgument);
else {
  const folder = mkdtempSync(join(tmpdir(), 'la-lanh-bank-'));
  const run = (...args: string[]): void => {
    const flags = args[0] === 'make' ? [] : SMALL_HEAP;
    const script = [...process.execArgv, ...flags, fileURLToPath(import.meta.url), ...args];
    const { status } = spawnSync(process.execPath, script, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${args[0]} ended with ${status}`);
  };
  try {
    run('make', folder, first || '100000', rest[0] ?? '200000');
    run('import', folder);
    run('match', folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
