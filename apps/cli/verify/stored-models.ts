import { DatabaseSync } from 'node:sqlite';
import { READ_MODELS_SCHEMA, type Build, type Table, listBuilds } from '#read-models';
import { openDatabase } from '#postgres';

/** The cells of a row in the order of the table's columns. */
export type Row = readonly (string | bigint | null)[];

/** Read models of one database as they are at one moment, whoever writes to them meanwhile. */
export interface StoredModels {
  /** Undefined: nothing was ever projected into this database. */
  builds(): Promise<readonly Build[] | undefined>;
  /** All rows of a table in the order of its key, in batches. */
  rows(table: string, definition: Table): AsyncGenerator<readonly Row[], void, undefined>;
  close(): Promise<void>;
}

const BATCH_ROWS = 5_000;
/** Longest replay between two looks at the stored rows; after it the server ends the reading transaction. */
const REPLAY_MS_MAX = 6 * 3_600_000;

const selectFrom = (table: string, { columns, key }: Table): string =>
  `select ${Object.keys(columns).join(', ')} from ${table} order by ${key.join(', ')}`;

/** The read models of an SQLite file. */
export function openSqliteModels(file: string): StoredModels {
  const db = new DatabaseSync(file, { readOnly: true, readBigInts: true });
  db.exec('begin');
  return {
    builds: () =>
      listBuilds({
        all: async <T>(sql: string, cells: readonly (string | bigint | number | null)[]) =>
          db.prepare(sql).all(...cells) as T[],
      }),
    rows: async function* (table, definition) {
      const select = db.prepare(selectFrom(table, definition));
      select.setReturnArrays(true);
      let batch: Row[] = [];
      // `setReturnArrays` makes rows arrays, which the types of node:sqlite do not know.
      for (const row of select.iterate() as unknown as Iterable<Row>) {
        batch.push(row);
        if (batch.length < BATCH_ROWS) continue;
        yield batch;
        batch = [];
      }
      yield batch;
    },
    close: async () => db.close(),
  };
}

/**
 * The read models in PostgreSQL. Only plain statements: a transaction of the read models' own door would make a
 * switch of builds, and with it all readers, wait until this one ends.
 */
export async function openPostgresModels(url: string): Promise<StoredModels> {
  const database = openDatabase({
    url,
    schema: READ_MODELS_SCHEMA,
    connectionsMax: 1,
    name: 'lalanh verify',
  });
  const client = await database.pool.connect();
  await client.query('begin isolation level repeatable read read only');
  await client.query(`set local idle_in_transaction_session_timeout = ${REPLAY_MS_MAX}`);
  return {
    builds: async () => {
      const { rows } = await client.query<{ found: string | null }>(
        `select to_regclass('projection_builds')::text as found`,
      );
      if (rows[0]?.found === null) return undefined;
      const all = async <T>(sql: string, cells: readonly unknown[]): Promise<T[]> =>
        (await client.query(sql, [...cells])).rows as T[];
      return listBuilds({ all });
    },
    rows: async function* (table, definition) {
      await client.query(`declare stored no scroll cursor for ${selectFrom(table, definition)}`);
      try {
        for (;;) {
          const text = `fetch ${BATCH_ROWS} from stored`;
          const { rows } = await client.query<(string | bigint | null)[]>({ text, rowMode: 'array' });
          yield rows;
          if (rows.length < BATCH_ROWS) return;
        }
      } finally {
        await client.query('close stored');
      }
    },
    close: async () => {
      await client.query('rollback').finally(() => client.release());
      await database.close();
    },
  };
}
