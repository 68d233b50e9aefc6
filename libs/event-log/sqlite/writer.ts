import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Frontier, leafHash } from '#transparency';
import { bodyHashOf, checkAppend, envelopeAgrees } from '../check-append.ts';
import { uuidBytes } from '../event-id.ts';
import { EventLogError } from '../event-log.ts';
import type { Append, AppendResult, EventLogErrorCode, ExpectedRevision, StreamWrite } from '../event-log.ts';
import { lockFolder } from './folder-lock.ts';
import { openForWriting, walFile } from './schema.ts';

/** Streams whose last revision is kept in memory. */
const STREAMS_CACHED_MAX = 100_000;

/** A failure in a form that crosses threads. */
export interface Failed {
  readonly kind: 'failed';
  readonly code: EventLogErrorCode;
  readonly message: string;
  readonly written: 'no' | 'unknown';
}

/** The writer itself gives the positions, so it always knows them. */
export type Outcome = AppendResult<number> | Failed;

export interface WriterOptions {
  /** Commits the open transaction; a test puts a failing one here. */
  readonly commit?: (db: DatabaseSync) => void;
}

/** The one writer of a log. Every function blocks until its work is durable. */
export interface Writer {
  /** One outcome per append, in their order; all are durable, or known not to be, or say that they are unknown. */
  commitGroup(group: readonly Append[]): Outcome[];
  close(): void;
}

interface StreamState {
  readonly streamId: number;
  revision: number;
}

const failed = (error: unknown, fallback: EventLogErrorCode, written: 'no' | 'unknown' = 'no'): Failed =>
  error instanceof EventLogError
    ? { kind: 'failed', code: error.code, message: error.message, written: error.written }
    : {
        kind: 'failed',
        code: fallback,
        message: error instanceof Error ? error.message : String(error),
        written,
      };

const fits = (expected: ExpectedRevision, actual: number | undefined): boolean =>
  expected === 'no-stream'
    ? actual === undefined
    : expected === 'stream-exists'
      ? actual !== undefined
      : expected === actual;

/**
 * Takes the folder's lock and opens its log for writing. Throws `ES_LOCKED`, `ES_CORRUPT` or `ES_UNAVAILABLE`.
 *
 * Appends that wait together share one transaction. The fast way assumes that no id is known yet and lets the
 * unique index object; then the group is rolled back and done again the careful way: ids first, and a
 * savepoint each, so that one append's failure is its own.
 */
export const openWriter = (
  folder: string,
  { commit = (db) => db.exec('commit') }: WriterOptions = {},
): Writer => {
  mkdirSync(folder, { recursive: true });
  const unlock = lockFolder(folder);
  let session: Session | undefined;
  let epoch: number;
  try {
    session = openSession(folder);
    epoch = session.claim();
  } catch (error) {
    session?.db.close();
    unlock();
    throw error;
  }

  const reopen = (): Session => {
    const old = session;
    session = undefined;
    old?.db.close();
    session = openSession(folder);
    return session;
  };

  const judge = (open: Session, group: readonly Append[]): Outcome[] => {
    const attempt = (careful: boolean): Outcome[] => {
      open.begin(epoch);
      const outcomes = group.map((append) => open.append(append, careful));
      open.storeTree();
      return outcomes;
    };
    try {
      return attempt(false);
    } catch (error) {
      open.rollback();
      if (error instanceof EventLogError) throw error;
      return attempt(true);
    }
  };

  /** After a fault of the machine even a rollback may fail: then the connection goes, and with it what it began. */
  const abandon = (open: Session): void => {
    try {
      open.rollback();
    } catch {
      session = undefined;
      open.db.close();
    }
  };

  /**
   * A failed COMMIT may be durable all the same. A fresh connection tells: it sees the group's first event or
   * not, and the group is one transaction. What it sees was perhaps never synced, so it is copied into the
   * database file and synced there before anybody is told; and what it does not see is made sure to stay unseen.
   */
  const resolveUnknown = (
    outcomes: readonly Outcome[],
    group: readonly Append[],
    cause: unknown,
  ): Outcome[] => {
    const unknown = failed(cause, 'ES_OUTCOME_UNKNOWN', 'unknown');
    const first = group[outcomes.findIndex(({ kind }) => kind === 'appended')];
    try {
      const open = reopen();
      const id = first?.writes.find(({ events }) => events.length > 0)?.events[0]?.id;
      if (id !== undefined && open.knows(id)) {
        open.syncIntoDatabase();
        return [...outcomes];
      }
      // Its frames may lie in the WAL all the same, and a crash would bring them back: nothing is left of them.
      open.syncIntoDatabase();
      syncFile(walFile(folder));
    } catch {
      return group.map(() => unknown);
    }
    // Conflicts and duplicates fall as well: they may rest on a neighbour that is not there.
    return group.map(() => failed(cause, 'ES_UNAVAILABLE'));
  };

  return {
    commitGroup: (group) => {
      let open: Session;
      let outcomes: Outcome[];
      try {
        open = session ?? reopen();
      } catch (error) {
        return group.map(() => failed(error, 'ES_UNAVAILABLE'));
      }
      try {
        outcomes = judge(open, group);
      } catch (error) {
        abandon(open);
        return group.map(() => failed(error, 'ES_UNAVAILABLE'));
      }
      try {
        commit(open.db);
        return outcomes;
      } catch (error) {
        return resolveUnknown(outcomes, group, error);
      }
    },
    close: () => {
      session?.db.close();
      session = undefined;
      unlock();
    },
  };
};

/** SQLite does not sync a WAL that it cut to nothing, so a power cut could give the old one back. */
const syncFile = (file: string): void => {
  const fd = openSync(file, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

type Session = ReturnType<typeof openSession>;

/** One connection with what it knows of the log's end. */
const openSession = (folder: string) => {
  const db = openForWriting(folder);
  const sql = {
    epoch: db.prepare('select epoch from owner'),
    tree: db.prepare('select size, frontier from tree'),
    head: db.prepare('select coalesce(max(position), 0) as head from events'),
    stream:
      db.prepare(`select stream_id as id, (select max(revision) from events e where e.stream_id = s.stream_id)
      as revision from streams s where name = ?`),
    known: db.prepare(
      `select position, name, envelope from events join streams using (stream_id) where event_id = ?`,
    ),
    newStream: db.prepare('insert into streams (name) values (?)'),
    insert: db.prepare('insert into events values (?, ?, ?, ?, ?, ?, ?)'),
    storeTree: db.prepare('update tree set size = ?, frontier = ? where size = ?'),
  };

  const streams = new Map<string, StreamState>();
  const loadTree = (): Frontier => {
    const row = sql.tree.get();
    const bytes = row?.['frontier'];
    const tree = bytes instanceof Uint8Array ? Frontier.fromBytes(Number(row?.['size']), bytes) : undefined;
    const head = Number(sql.head.get()?.['head']);
    if (tree === undefined || tree.size !== head)
      throw new EventLogError(
        'ES_CORRUPT',
        `the tree has ${tree?.size ?? 'no'} leaves and the log ${head} events`,
      );
    return tree;
  };
  let tree: Frontier;
  try {
    tree = loadTree();
  } catch (error) {
    db.close();
    throw error;
  }
  let stored = tree.copy();

  const streamState = (name: string): StreamState | undefined => {
    const cached = streams.get(name);
    if (cached !== undefined) return cached;
    const row = sql.stream.get(name);
    if (row === undefined || row['revision'] === null) return undefined;
    const state = { streamId: Number(row['id']), revision: Number(row['revision']) };
    streams.set(name, state);
    return state;
  };

  const newStream = (name: string): StreamState => {
    const state = { streamId: Number(sql.newStream.run(name).lastInsertRowid), revision: -1 };
    streams.set(name, state);
    return state;
  };

  /** The first answer again when all ids are known and it is the same request; nothing when none is known. */
  const knownAs = ({ requestHash, writes }: Append): Outcome | undefined => {
    const asked = writes.flatMap(({ stream, events }) => events.map(({ id }) => ({ id, stream })));
    const found = asked.map(({ id }) => sql.known.get(uuidBytes(id)));
    if (found.every((row) => row === undefined)) return undefined;
    const same = found.every(
      (row, at) =>
        row?.['name'] === asked[at]?.stream && bodyHashOf(String(row?.['envelope'])) === requestHash,
    );
    if (!same)
      return failed(
        new EventLogError('ES_IDEMPOTENCY_MISMATCH', 'these event ids belong to another request'),
        'ES_IDEMPOTENCY_MISMATCH',
      );
    const positions = found.map((row) => Number(row?.['position']));
    return { kind: 'duplicate', firstPosition: Math.min(...positions), position: Math.max(...positions) };
  };

  const disagreement = ({ stream, events }: StreamWrite): Failed | undefined => {
    const before = streamState(stream)?.revision ?? -1;
    const at = events.findIndex(
      ({ envelope, id, type }, index) => !envelopeAgrees(envelope, id, type, stream, before + 1 + index),
    );
    if (at < 0) return undefined;
    const message = `the envelope of ${events[at]?.id} is not that of ${stream}@${before + 1 + at}`;
    return failed(new EventLogError('ES_BAD_REQUEST', message), 'ES_BAD_REQUEST');
  };

  // Bound values are copied by SQLite, so one buffer serves every row.
  const idBytes = Buffer.alloc(16);
  const leafBytes = Buffer.alloc(32);

  const insert = ({ stream, events }: StreamWrite): void => {
    if (events.length === 0) return;
    const state = streamState(stream) ?? newStream(stream);
    for (const { id, type, envelope } of events) {
      const leaf = leafHash(envelope);
      idBytes.write(id.replaceAll('-', ''), 'hex');
      leafBytes.write(leaf, 'latin1');
      sql.insert.run(tree.size + 1, idBytes, state.streamId, state.revision + 1, type, envelope, leafBytes);
      tree.push(leaf);
      state.revision += 1;
    }
  };

  /** Everything that can be refused is refused before the first row is written. */
  const appendOne = (append: Append, idsFirst: boolean): Outcome => {
    const invalid = checkAppend(append);
    if (invalid !== undefined) return failed(invalid, 'ES_BAD_REQUEST');
    const before = idsFirst ? knownAs(append) : undefined;
    if (before !== undefined) return before;
    for (const { stream, expected } of append.writes) {
      const actual = streamState(stream)?.revision;
      if (!fits(expected, actual))
        return knownAs(append) ?? { kind: 'conflict', stream, expected, actual: actual ?? 'no-stream' };
    }
    for (const write of append.writes) {
      const problem = disagreement(write);
      if (problem !== undefined) return problem;
    }
    const firstPosition = tree.size + 1;
    append.writes.forEach(insert);
    return { kind: 'appended', firstPosition, position: tree.size };
  };

  const appendSaved = (append: Append): Outcome => {
    const saved = tree.copy();
    db.exec('savepoint one');
    try {
      return appendOne(append, true);
    } catch (error) {
      db.exec('rollback to one');
      tree = saved;
      streams.clear();
      return failed(error, 'ES_UNAVAILABLE');
    } finally {
      if (db.isTransaction) db.exec('release one');
    }
  };

  return {
    db,
    /** Fences any earlier writer of this file and gives the epoch of this one. */
    claim: (): number =>
      Number(db.prepare('update owner set epoch = epoch + 1 returning epoch').get()?.['epoch']),
    begin: (epoch: number): void => {
      if (streams.size > STREAMS_CACHED_MAX) streams.clear();
      stored = tree.copy();
      db.exec('begin immediate');
      if (sql.epoch.get()?.['epoch'] !== epoch)
        throw new EventLogError('ES_LOCKED', 'another writer has taken over this log');
    },
    append: (append: Append, careful: boolean): Outcome =>
      careful ? appendSaved(append) : appendOne(append, false),
    storeTree: (): void => {
      if (tree.size === stored.size) return;
      const { changes } = sql.storeTree.run(tree.size, tree.toBytes(), stored.size);
      if (Number(changes) !== 1)
        throw new EventLogError('ES_CORRUPT', 'the stored tree is not the one written last');
    },
    rollback: (): void => {
      if (db.isTransaction) db.exec('rollback');
      tree = stored.copy();
      streams.clear();
    },
    knows: (id: string): boolean => sql.known.get(uuidBytes(id)) !== undefined,
    syncIntoDatabase: (): void => {
      const row = db.prepare('pragma wal_checkpoint(truncate)').get();
      if (row?.['busy'] !== 0)
        throw new EventLogError('ES_OUTCOME_UNKNOWN', 'readers hold the log', 'unknown');
    },
  };
};
