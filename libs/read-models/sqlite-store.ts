import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Cell, Transaction } from './projection.ts';
import { SQLITE } from './schema.ts';
import type { Store } from './store.ts';

const CACHE_KIB = 65_536;
/** WAL pages after which it is copied back: large, because balances rewrite the same pages often. */
const CHECKPOINT_PAGES = 10_000;
const BUSY_MS = 5_000;
/** Rows one insert adds at once: a call costs more than the row in it. */
const BATCH_ROWS = 64;
const ONE_ROW = /values (\([?, ]+\))/;
/** Statements kept prepared; projections use a few dozen. */
const STATEMENTS_MAX = 500;

export interface StoreOptions {
  /** A file that its maker throws away: nobody else reads it meanwhile, and no crash needs to be survived. */
  readonly isScratch?: boolean;
}

/**
 * Opens (and creates) the read models of an SQLite file for writing. A power cut may lose the last
 * transactions, checkpoint and rows alike, which the log then gives again: so no fsync per commit.
 */
export function openStore(file: string, { isScratch = false }: StoreOptions = {}): Store {
  const db = new DatabaseSync(file, { readBigInts: true, timeout: BUSY_MS });
  db.exec(
    isScratch
      ? 'pragma journal_mode = memory; pragma synchronous = off'
      : `pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
  );
  db.exec(`pragma cache_size = -${CACHE_KIB}; pragma temp_store = memory`);
  const prepare = statementCache(db);
  const tx: Transaction = {
    dialect: SQLITE,
    run: async (sql, rows) => {
      let at = 0;
      if (rows.length >= BATCH_ROWS && ONE_ROW.test(sql)) {
        const batch = prepare(
          sql.replace(ONE_ROW, (_, row: string) => `values ${Array(BATCH_ROWS).fill(row).join(', ')}`),
        );
        for (; at + BATCH_ROWS <= rows.length; at += BATCH_ROWS)
          batch.run(...rows.slice(at, at + BATCH_ROWS).flat());
      }
      const statement = prepare(sql);
      for (; at < rows.length; at += 1) statement.run(...(rows[at] ?? []));
    },
    all: async <Row>(sql: string, parameters: readonly Cell[]) => prepare(sql).all(...parameters) as Row[],
  };
  return {
    ...tx,
    transaction: async (work) => {
      db.exec('begin immediate');
      try {
        const result = await work(tx);
        db.exec('commit');
        return result;
      } catch (error) {
        if (db.isTransaction) db.exec('rollback');
        throw error;
      }
    },
    close: () => db.close(),
  };
}

/** Statements by their text; the oldest goes when there are too many. */
export function statementCache(db: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const known = statements.get(sql);
    if (known) return known;
    const [oldest] = statements.keys();
    if (statements.size >= STATEMENTS_MAX && oldest !== undefined) statements.delete(oldest);
    const statement = db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}
