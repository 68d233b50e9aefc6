// Started by power-cut.ts under native/shim.c with syncs that fail: appends to a log, marks what it was told.
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EventLogError, openSqliteLog } from '#event-log';
import { plainAppend } from '../append.ts';
import { type Random, seeded } from '../random.ts';
import { MARKS, type Mark } from './power-cut-marks.ts';

const APPENDS = 120;
const STREAMS = 4;

const [folder = '', seed = '0'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const marks = openSync(join(folder, MARKS), 'w');
let written = 0;
const mark = (what: Mark): void => {
  written += writeSync(marks, `${JSON.stringify(what)}\n`, written);
};

const random: Random = seeded(Number(seed));
const log = await openSqliteLog(folder, { thread: false }).catch((error: unknown) => {
  // A log that cannot be made is not opened at all, and nothing was promised.
  process.stderr.write(`${String(error)}\n`);
  process.exit(0);
});
/** One stream after another; what was told of an append decides what its stream expects next. */
const next = new Map<string, number>();
for (let count = 0; count < APPENDS; count += 1) {
  const stream = `donor-${random.between(1, STREAMS)}`;
  const revision = next.get(stream) ?? 0;
  const append = plainAppend(random.uuid(), stream, revision);
  const id = append.writes[0].events[0]?.id ?? '';
  try {
    const { kind } = await log.append(append);
    if (kind === 'conflict') throw new Error(`${stream}@${revision} is taken`);
    mark({ kind: 'command', events: [{ id, at: `${stream}@${revision}` }] });
    next.set(stream, revision + 1);
  } catch (error) {
    if (!(error instanceof EventLogError)) throw error;
    if (error.written === 'no') mark({ kind: 'refused', id });
    // Nobody knows: asking is the only way to learn it, as the ledger does.
    else if ((await log.find(id)) !== undefined) next.set(stream, revision + 1);
  }
}
await log.close();
