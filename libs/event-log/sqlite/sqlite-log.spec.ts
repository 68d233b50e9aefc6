import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Frontier, hashHex, leafHash } from '#transparency';
import { append, everything, refusal } from '../conformance/index.ts';
import { lockFolder } from './folder-lock.ts';
import { logFile } from './schema.ts';
import { openSqliteLog, openSqliteLogReader } from './sqlite-log.ts';
import type { LogFinding } from '../verify.ts';
import { verifyLog } from './verify-log.ts';

const A = 'book-a-2023';
const B = 'book-b-2023';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inline = (commit?: (db: DatabaseSync) => void) =>
  openSqliteLog(folder, { thread: false, ...(commit && { commit }) });

/** Four events in two streams, the log closed. */
const written = async (): Promise<void> => {
  const log = await inline();
  await log.append(append(1, [{ stream: A, expected: 'no-stream', count: 2 }]));
  await log.append(append(2, [{ stream: B, expected: 'no-stream' }]));
  await log.append(append(3, [{ stream: A, expected: 1 }]));
  await log.close();
};

/** Changes the file as somebody would who has it and no scruples: without the triggers. */
const tamper = (...statements: string[]): void => {
  const db = new DatabaseSync(logFile(folder), { enableForeignKeyConstraints: false });
  for (const name of ['events_no_update', 'events_no_delete', 'events_insert'])
    db.exec(`drop trigger ${name}`);
  for (const statement of statements) db.exec(statement);
  db.close();
};

const verified = () => {
  const findings: LogFinding[] = [];
  const run = verifyLog(folder);
  for (let step = run.next(); ; step = run.next()) {
    if (step.done === true) return { findings, summary: step.value };
    findings.push(step.value);
  }
};
const found = (): string[] => verified().findings.map(({ code, position }) => `${code} ${position}`);

describe('a failed commit', () => {
  const failing = (when: 'before' | 'after') => {
    let fails = 1;
    return (db: DatabaseSync): void => {
      if (when === 'after' || fails === 0) db.exec('commit');
      if (fails-- > 0) throw new Error('disk I/O error');
      fails = 0;
    };
  };

  it('that is durable all the same is answered as appended', async () => {
    const log = await inline(failing('after'));
    const both = [append(1, [{ stream: A, expected: 'no-stream' }]), append(2, [{ stream: A, expected: 7 }])];
    expect(await Promise.all(both.map((one) => log.append(one)))).toStrictEqual([
      { kind: 'appended', firstPosition: 1, position: 1 },
      { kind: 'conflict', stream: A, expected: 7, actual: 0 },
    ]);
    expect(await log.append(append(3, [{ stream: A, expected: 0 }]))).toStrictEqual({
      kind: 'appended',
      firstPosition: 2,
      position: 2,
    });
    await log.close();
    expect(found()).toStrictEqual([]);
  });

  it('that is not durable is answered as not written, its neighbours’ answers with it', async () => {
    const log = await inline(failing('before'));
    const first = append(1, [{ stream: A, expected: 'no-stream' }]);
    const answers = [first, first, append(2, [{ stream: A, expected: 7 }])].map((one) =>
      refusal(log.append(one)),
    );
    const notWritten = { code: 'ES_UNAVAILABLE', written: 'no' };
    expect(await Promise.all(answers)).toStrictEqual([notWritten, notWritten, notWritten]);
    expect(await log.head()).toBe(0);
    expect(await log.append(first)).toStrictEqual({ kind: 'appended', firstPosition: 1, position: 1 });
    await log.close();
    expect(found()).toStrictEqual([]);
  });

  it('that cannot be looked up is answered as unknown, and the log recovers later', async () => {
    let broken = true;
    const log = await inline((db) => {
      if (!broken) return db.exec('commit');
      db.exec('commit; pragma user_version = 99');
      throw new Error('disk I/O error');
    });
    const first = append(1, [{ stream: A, expected: 'no-stream' }]);
    expect(await refusal(log.append(first))).toStrictEqual({
      code: 'ES_OUTCOME_UNKNOWN',
      written: 'unknown',
    });
    expect((await refusal(log.append(first))).code).toBe('ES_CORRUPT');
    broken = false;
    const repair = new DatabaseSync(logFile(folder));
    repair.exec('pragma user_version = 1');
    repair.close();
    expect(await log.append(first)).toStrictEqual({ kind: 'duplicate', firstPosition: 1, position: 1 });
    await log.close();
  });
});

describe('a fault inside a group', () => {
  it('undoes its own append only', async () => {
    await (await inline()).close();
    const db = new DatabaseSync(logFile(folder));
    db.exec(`create trigger fault before insert on events when new.type = 'book.broken.v1' and new.revision = 1
      begin select raise(abort, 'injected'); end`);
    db.close();
    const log = await inline();
    const [left, middle, right] = await Promise.all([
      log.append(append(1, [{ stream: A, expected: 'no-stream' }])),
      refusal(
        log.append(append(2, [{ stream: B, expected: 'no-stream', count: 2, type: 'book.broken.v1' }])),
      ),
      log.append(append(3, [{ stream: A, expected: 0 }])),
    ]);
    expect(middle).toStrictEqual({ code: 'ES_UNAVAILABLE', written: 'no' });
    expect([left, right]).toStrictEqual([
      { kind: 'appended', firstPosition: 1, position: 1 },
      { kind: 'appended', firstPosition: 2, position: 2 },
    ]);
    expect(await log.readStream(B, { limit: 10 })).toStrictEqual([]);
    expect(await log.append(append(4, [{ stream: B, expected: 'no-stream' }]))).toStrictEqual({
      kind: 'appended',
      firstPosition: 3,
      position: 3,
    });
    await log.close();
    expect(found()).toStrictEqual([]);
  });
});

describe('the only writer', () => {
  it('refuses a second one at once, in the same process and in a worker', async () => {
    const log = await openSqliteLog(folder);
    for (const thread of [true, false])
      expect(await refusal(openSqliteLog(folder, { thread }))).toStrictEqual({
        code: 'ES_LOCKED',
        written: 'no',
      });
    expect(await log.append(append(1, [{ stream: A, expected: 'no-stream' }]))).toMatchObject({
      kind: 'appended',
    });
    await log.close();
    await (await inline()).close();
  });

  it('refuses another process, and is succeeded when it is killed', async () => {
    const lock = fileURLToPath(new URL('./folder-lock.ts', import.meta.url));
    const program = `import(${JSON.stringify(lock)}).then(({ lockFolder }) => {
      lockFolder(${JSON.stringify(folder)}); console.log('locked'); setInterval(() => {}, 1000); })`;
    const other = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '-e', program]);
    await once(other.stdout, 'data');
    expect((await refusal(inline())).code).toBe('ES_LOCKED');
    other.kill('SIGKILL');
    await once(other, 'exit');
    await (await inline()).close();
  });

  it('lets go of the folder when opening fails', async () => {
    await written();
    tamper('update tree set size = 9');
    expect((await refusal(inline())).code).toBe('ES_CORRUPT');
    expect((await refusal(openSqliteLog(folder))).code).toBe('ES_CORRUPT');
    lockFolder(folder)();
  });

  it('stops when the log has another owner', async () => {
    const log = await inline();
    await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
    await log.append(append(2, [{ stream: A, expected: 0 }]));
    const db = new DatabaseSync(logFile(folder));
    db.exec('update owner set epoch = epoch + 1');
    expect(await refusal(log.append(append(3, [{ stream: A, expected: 1 }])))).toStrictEqual({
      code: 'ES_LOCKED',
      written: 'no',
    });
    db.exec('update owner set epoch = epoch - 1');
    db.close();
    expect(await log.append(append(3, [{ stream: A, expected: 1 }]))).toMatchObject({
      kind: 'appended',
      position: 3,
    });
    await log.close();
    expect(found()).toStrictEqual([]);
  });
});

describe('the stored rows', () => {
  it.each([
    ['update', "update events set type = 'x'", 'append-only'],
    ['delete', 'delete from events where position = 3', 'append-only'],
    [
      'replace by id',
      `insert or replace into events select 5, event_id, stream_id, 9, type, envelope, leaf_hash
      from events where position = 1`,
      'no row is replaced',
    ],
    [
      'replace by revision',
      `insert or replace into events select 5, randomblob(16), stream_id, revision, type,
      envelope, leaf_hash from events where position = 1`,
      'no row is replaced',
    ],
    [
      'a gap',
      `insert into events select 6, randomblob(16), stream_id, 9, type, envelope, leaf_hash
      from events where position = 1`,
      'positions are dense',
    ],
  ])('refuse %s on any connection', async (_, statement, message) => {
    await written();
    const db = new DatabaseSync(logFile(folder));
    expect(() => db.exec(statement)).toThrow(message);
    db.close();
    expect(found()).toStrictEqual([]);
  });
});

describe('verification', () => {
  it('of an untouched log finds nothing and names its root', async () => {
    await written();
    const tree = new Frontier();
    const log = await inline();
    for (const { envelope } of await everything(log)) tree.push(leafHash(envelope));
    await log.close();
    expect(verified()).toStrictEqual({ findings: [], summary: { events: 4, root: hashHex(tree.root()) } });
  });

  it('hands on every event as it is recorded', async () => {
    await written();
    const visited: unknown[] = [];
    const run = verifyLog(folder, (event) => visited.push(event));
    expect(run.next().done).toBe(true);
    const log = await inline();
    expect(visited).toStrictEqual(await everything(log));
    await log.close();
  });

  it.each([
    [
      'an edited envelope',
      [`update events set envelope = replace(envelope, '"data":{}', '"data":{"x":1}') where position = 2`],
      ['HASH_MISMATCH 2', 'TREE_MISMATCH 4'],
    ],
    [
      'another leaf hash',
      ['update events set leaf_hash = zeroblob(32) where position = 3'],
      ['HASH_MISMATCH 3'],
    ],
    [
      'a changed type',
      ["update events set type = 'book.forged.v1' where position = 1"],
      ['COLUMN_MISMATCH 1'],
    ],
    ['a changed id', ['update events set event_id = zeroblob(16) where position = 1'], ['COLUMN_MISMATCH 1']],
    [
      'a renamed stream',
      ["update streams set name = 'book-c-2023' where name = 'book-b-2023'"],
      ['COLUMN_MISMATCH 3'],
    ],
    ['a stream row taken away', ["delete from streams where name = 'book-b-2023'"], ['COLUMN_MISMATCH 3']],
    ['an event taken out', ['delete from events where position = 3'], ['SEQUENCE_GAP 4', 'TREE_MISMATCH 4']],
    [
      'a changed revision',
      ['update events set revision = 5 where position = 4'],
      ['REVISION_GAP 4', 'COLUMN_MISMATCH 4'],
    ],
    ['a cut tail', ['delete from events where position > 2'], ['TREE_MISMATCH 2']],
    ['another frontier', ['update tree set frontier = zeroblob(32)'], ['TREE_MISMATCH 4']],
    ['a frontier of the wrong length', ["update tree set frontier = x'00'"], ['TREE_MISMATCH 4']],
  ])('names %s', async (_, statements, findings) => {
    await written();
    tamper(...statements);
    expect(found()).toStrictEqual(findings);
  });
});

describe('a reader', () => {
  it('of a folder without a log is refused', () => {
    expect(() => openSqliteLogReader(folder)).toThrow('there is no log');
  });

  it('sees a live writer’s events and follows them', async () => {
    const log = await openSqliteLog(folder);
    const reader = openSqliteLogReader(folder);
    await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
    expect(reader.readPage(0, 10)).toStrictEqual(await everything(log));
    const seen: number[] = [];
    for await (const item of reader.subscribe({ signal: new AbortController().signal })) {
      if (item.kind === 'caught-up') await log.append(append(2, [{ stream: A, expected: 0 }]));
      if (item.kind === 'event') seen.push(item.event.position);
      if (seen.length === 2) break;
    }
    expect(seen).toStrictEqual([1, 2]);
    await reader.close();
    await log.close();
  });

  it('opens a log whose writer was closed', async () => {
    await written();
    const reader = openSqliteLogReader(folder);
    expect(await reader.head()).toBe(4);
    await reader.close();
    expect((await refusal(reader.head())).code).toBe('ES_UNAVAILABLE');
  });
});

describe('an append', () => {
  it('whose answer is late is given up as unknown, and found under its id', async () => {
    const log = await openSqliteLog(folder);
    // Holds the writer's transaction up until it is let go below.
    const holder = new DatabaseSync(logFile(folder));
    holder.exec('begin immediate');
    const first = append(1, [{ stream: A, expected: 'no-stream' }]);
    expect(await refusal(log.append(first, { timeoutMs: 1 }))).toStrictEqual({
      code: 'ES_OUTCOME_UNKNOWN',
      written: 'unknown',
    });
    holder.exec('rollback');
    holder.close();
    expect(await log.append(first)).toStrictEqual({ kind: 'duplicate', firstPosition: 1, position: 1 });
    await log.close();
  });

  it('that the writer thread never answers is unknown; those after it are not written', async () => {
    const posts = vi.spyOn(Worker.prototype, 'postMessage');
    const log = await openSqliteLog(folder);
    const holder = new DatabaseSync(logFile(folder));
    holder.exec('begin immediate');
    const answer = refusal(log.append(append(1, [{ stream: A, expected: 'no-stream' }])));
    await vi.waitFor(() => expect(posts.mock.contexts).toHaveLength(1));
    const [worker] = posts.mock.contexts as Worker[];
    const ended = worker?.terminate();
    holder.exec('rollback');
    holder.close();
    await ended;
    posts.mockRestore();
    expect(await answer).toStrictEqual({ code: 'ES_OUTCOME_UNKNOWN', written: 'unknown' });
    const next = log.append(append(2, [{ stream: A, expected: 'no-stream' }]));
    expect(await refusal(next)).toStrictEqual({ code: 'ES_UNAVAILABLE', written: 'no' });
    await log.close();
    await (await inline()).close();
  });

  it('is decided alike in large groups and alone', async () => {
    const log = await openSqliteLog(folder);
    const results = await Promise.all(
      Array.from({ length: 3_000 }, (_, at) =>
        log.append(
          append(at, [
            { stream: `book-${at % 7}-2023`, expected: at < 7 ? 'no-stream' : Math.floor(at / 7) - 1 },
          ]),
        ),
      ),
    );
    expect(results).toStrictEqual(
      Array.from({ length: 3_000 }, (_, at) => ({
        kind: 'appended',
        firstPosition: at + 1,
        position: at + 1,
      })),
    );
    await log.close();
    expect(found()).toStrictEqual([]);
  });
});
