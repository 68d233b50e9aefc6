/**
 * Rates of the SQLite log beside a bare insert of the same rows, as a table. CPU per event is printed with
 * each rate, because a busy machine changes the one and hardly the other.
 * Run: node scripts/node26.mjs --conditions=source tests/bench/event-log.bench.ts [events]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Append, eventId, openSqliteLog, verifyLog } from '#event-log';

const EVENTS = Number(process.argv[2] ?? 200_000);
const ENVELOPE_PADDING = 340;
const HASH = '0123456789abcdef'.repeat(4);
const TYPE = 'book.receipt-recorded.v1';
const READ_PAGE = 2_000;

/** Appends of one event each; command ids keep the time prefix of a v7. */
const appends = (streams: number): Append[] =>
  Array.from({ length: EVENTS }, (_, at) => {
    const millis = (1_700_000_000_000 + Math.floor(at / 40)).toString(16).padStart(12, '0');
    const serial = at.toString(16).padStart(12, '0');
    const command = `${millis.slice(0, 8)}-${millis.slice(8)}-7000-8000-${serial}`;
    const id = eventId(command, 0);
    const stream = `book-f${at % streams}-2023`;
    const revision = Math.floor(at / streams);
    const envelope =
      `{"id":"${id}","type":"${TYPE}","stream":"${stream}","revision":${revision},"effectiveOn":"2023-05-06",` +
      `"recordedAt":"2023-05-06T10:00:00.000Z","commandId":"${command}","bodyHash":"${HASH}",` +
      `"data":{"note":"${'x'.repeat(ENVELOPE_PADDING)}"}}`;
    const expected = revision === 0 ? 'no-stream' : revision - 1;
    return {
      command,
      requestHash: HASH,
      writes: [{ stream, expected, events: [{ id, type: TYPE, envelope }] }],
    };
  });

const measure = async (
  title: string,
  count: number,
  work: () => Promise<unknown> | unknown,
): Promise<void> => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const rate = Math.round((count / ms) * 1000).toLocaleString('en');
  process.stdout.write(
    `${title.padEnd(46)} ${rate.padStart(10)} /s  ${((user + system) / count).toFixed(1)} µs CPU\n`,
  );
};

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-bench-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const bare = (given: readonly Append[], group: number) =>
  inFolder(async (folder) => {
    const db = new DatabaseSync(join(folder, 'bare.db'));
    db.exec(`pragma page_size = 8192; pragma journal_mode = WAL; pragma synchronous = FULL;
      create table rows (position integer primary key, envelope text not null) strict`);
    const insert = db.prepare('insert into rows values (?, ?)');
    await measure(`bare SQLite insert, ${group} a commit`, given.length, () => {
      for (let at = 0; at < given.length; at += group) {
        db.exec('begin immediate');
        for (const [index, { writes }] of given.slice(at, at + group).entries())
          insert.run(at + index + 1, writes[0].events[0]?.envelope ?? '');
        db.exec('commit');
      }
    });
    db.close();
  });

const ours = (given: readonly Append[], thread: boolean, inFlight: number, streams: number) =>
  inFolder(async (folder) => {
    const log = await openSqliteLog(folder, { thread });
    let at = 0;
    const client = async (): Promise<void> => {
      for (let one = given[at++]; one !== undefined; one = given[at++]) {
        const result = await log.append(one);
        if (result.kind !== 'appended') throw new Error(JSON.stringify(result));
      }
    };
    const where = thread ? 'in a worker' : 'in the calling thread';
    await measure(`log ${where}, ${inFlight} in flight, ${streams} streams`, given.length, () =>
      Promise.all(Array.from({ length: inFlight }, client)),
    );
    if (inFlight < 1_000) return log.close();
    await measure('  read back', given.length, () => {
      for (let after = 0; ;) {
        const last = log.readPage(after, READ_PAGE).at(-1);
        if (last === undefined) return;
        after = last.position;
      }
    });
    await log.close();
    await measure('  verified', given.length, () => {
      if (verifyLog(folder).next().done !== true) throw new Error('the log has findings');
    });
  });

const hot = appends(1);
await bare(hot, 1_000);
await ours(hot, false, 4_000, 1);
await ours(hot, true, 4_000, 1);
await ours(hot, true, 64, 1);
await ours(appends(1_000), true, 4_000, 1_000);
