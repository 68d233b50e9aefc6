import type { Database, Queryable } from '#postgres';
import type { Cell, Transaction } from './projection.ts';
import { POSTGRES } from './schema.ts';
import type { Store } from './store.ts';

/** The schema the read models have for themselves. */
export const READ_MODELS_SCHEMA = 'readmodels';

/** Rows one statement adds at most: each column of them is one parameter. */
const BATCH_ROWS = 10_000;
const ONE_ROW = /values \(([?, ]+)\)/;
/** Statements kept prepared on each connection; projections use a few dozen. */
const STATEMENTS_MAX = 500;

/**
 * The read models in the schema of a database, for writing. The database stays open: who opened it closes it.
 *
 * Commits are not waited for (`synchronous_commit = off`) unless asked: rows, checkpoint and place in the bus
 * change in one transaction, so a crash of the server takes back whole pages, which the log then gives again.
 * Nothing that was ever acknowledged to a client is in here alone.
 */
export function openPostgresStore(database: Database): Store {
  const prepared = namesOf(database);
  return {
    ...transactionOn(database, prepared),
    transaction: (work, durability = 'relaxed') =>
      database.transaction(async (tx) => {
        if (durability === 'relaxed') await tx.query('set local synchronous_commit = off');
        return work(transactionOn(tx, prepared));
      }),
    close: () => undefined,
  };
}

type Names = (text: string) => string | undefined;

function transactionOn(connection: Queryable, prepared: Names): Transaction {
  const one = async (sql: string, cells: readonly Cell[]): Promise<Record<string, unknown>[]> => {
    const text = numbered(sql);
    return connection.query(text, cells, cells.length > 0 ? prepared(text) : undefined);
  };
  return {
    dialect: POSTGRES,
    run: async (sql, rows) => {
      if (rows.length > 1 && ONE_ROW.test(sql)) {
        for (let at = 0; at < rows.length; at += BATCH_ROWS) {
          const { text, columns } = batchOf(sql, rows.slice(at, at + BATCH_ROWS));
          await connection.query(text, columns, prepared(text));
        }
      } else for (const row of rows) await one(sql, row);
    },
    all: async <Row>(sql: string, parameters: readonly Cell[]) =>
      (await one(sql, parameters)).map(wholeAsBigint) as Row[],
  };
}

/** `?` as PostgreSQL counts them. Statements of projections hold no literal with a question mark. */
function numbered(sql: string): string {
  let count = 0;
  return sql.replaceAll('?', () => `$${(count += 1)}`);
}

/**
 * One statement for many rows: each column goes as one array, so that no number of rows comes near the limit
 * of 65,535 parameters, and the text is the same for every number of rows.
 */
export function batchOf(
  sql: string,
  rows: readonly (readonly Cell[])[],
): { readonly text: string; readonly columns: readonly (readonly Cell[])[] } {
  const width = rows[0]?.length ?? 0;
  const arrays: Cell[][] = [];
  const types: string[] = [];
  const cells: string[] = [];
  for (let column = 0; column < width; column += 1) {
    const values = rows.map((row) => row[column] ?? null);
    const first = values.find((value) => value !== null);
    // A column without any value has no type of its own; the table gives it one.
    if (first === undefined) cells.push('null');
    else {
      arrays.push(values);
      types.push(`$${arrays.length}::${typeof first === 'string' ? 'text' : 'bigint'}[]`);
      cells.push(`c${arrays.length}`);
    }
  }
  const names = arrays.map((_, at) => `c${at + 1}`).join(', ');
  const from = `select ${cells.join(', ')} from unnest(${types.join(', ')}) as r (${names})`;
  return { text: sql.replace(ONE_ROW, () => from), columns: arrays };
}

/** Counts and literals come as 32-bit numbers; a projection sees one type of whole number. */
const wholeAsBigint = (row: Record<string, unknown>): Record<string, unknown> => {
  for (const [column, value] of Object.entries(row))
    if (typeof value === 'number') row[column] = BigInt(value);
  return row;
};

const known = new WeakMap<Database, Names>();

/**
 * Names for the statement texts of a database, by which each connection prepares them at their first use. None
 * when there are too many: such a text is then parsed every time.
 */
function namesOf(database: Database): Names {
  const texts = new Map<string, string>();
  const names: Names = (text) => {
    const name = texts.get(text);
    if (name !== undefined || texts.size >= STATEMENTS_MAX) return name;
    const made = `read-models-${texts.size + 1}`;
    texts.set(text, made);
    return made;
  };
  const shared = known.get(database) ?? names;
  known.set(database, shared);
  return shared;
}
