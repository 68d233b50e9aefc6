// Started by power-cut.ts under native/shim.c: a ledger that works on a folder and marks what it acknowledged.
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openSqliteLog } from '#event-log';
import { historyFromLog, openLedger, openSnapshots } from '#platform';
import { openVault } from '#privacy';
import { allHandlers, directories, streamKinds } from '../../../apps/ledger/handlers.ts';
import { FUNDS, YEAR, receipt } from '../load.ts';
import { type Random, seeded } from '../random.ts';
import { MARKS, type Mark } from './power-cut-marks.ts';

/** Times the folder is opened and closed: a close copies the WAL into the database and removes it. */
const SESSIONS = 3;
const GROUPS = 12;
/** Commands that are under way at once, and so share a commit. */
const GROUP = 4;

const [folder = '', seed = '0', synchronous = 'FULL'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const marks = openSync(join(folder, MARKS), 'w');
let written = 0;
const mark = (what: Mark): void => {
  written += writeSync(marks, `${JSON.stringify(what)}\n`, written);
};

/** The control: acknowledges as soon as SQLite does with `synchronous` less than FULL. */
const careless = (db: DatabaseSync): void => {
  db.exec('commit');
  db.exec(`pragma synchronous = ${synchronous}`);
};

const session = async (random: Random, isFirst: boolean, thread: boolean): Promise<void> => {
  const log = await openSqliteLog(
    folder,
    synchronous === 'FULL' ? { thread } : { thread: false, commit: careless },
  );
  const vault = openVault(folder);
  const snapshots = openSnapshots(folder);
  const clock = Date.now;
  const history = historyFromLog(log);
  const ledger = await openLedger({
    log,
    vault,
    snapshots,
    handlers: allHandlers,
    streamKinds,
    directories,
    clock,
    history,
  });
  const run = async (handler: string, body: unknown): Promise<void> => {
    const key = random.uuid();
    const common = { key, handler, actor: 'ke-toan', body, dryRun: false };
    const outcome = await ledger.execute({ ...common });
    if (!outcome.ok) throw new Error(`${handler} was refused: ${outcome.error.code}`);
    mark({ kind: 'command', events: outcome.value.events.map(({ id, at }) => ({ id, at })) });
  };
  if (isFirst)
    for (const fund of FUNDS)
      await run('open-book', {
        fund,
        year: YEAR,
        name: 'Fault',
        level: 'province',
        accounts: [{ account: 'nh-1', kind: 'bank' }],
        effectiveOn: `${YEAR}-01-01`,
      });
  for (let group = 0; group < GROUPS; group += 1) {
    const bodies = Array.from({ length: GROUP }, () => receipt(random));
    await Promise.all(bodies.map((body) => run('record-receipt', body)));
    if (group % 4 === 0)
      mark({ kind: 'file', sha256: await vault.putFile(Buffer.from(`minh chứng ${random()}`)) });
  }
  await ledger.close();
  await log.close();
  await vault.close();
  snapshots.close();
};

const random = seeded(Number(seed));
for (let count = 0; count < SESSIONS; count += 1) await session(random, count === 0, count % 2 === 1);
