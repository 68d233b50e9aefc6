import type { Database, Queryable, Value } from '#postgres';
import type { Cell, Transaction } from './projection.ts';
import { POSTGRES } from './schema.ts';
import type { Store } from './store.ts';

/** The schema the read models have for themselves. */
export const READ_MODELS_SCHEMA = 'readmodels';

/** Rows one statement adds at most: each column of them is one parameter. */
const BATCH_ROWS = 10_000;
/** From so many rows on a batch is worth a text of its own, without what all its rows share. */
const SHARING_ROWS = 64;
const ONE_ROW = /values \(([?, ]+)\)/;
/** Statements kept prepared on each connection; projections use a few dozen. */
const STATEMENTS_MAX = 500;
/** Statements sent before the answer to the first of them. */
const UNANSWERED_MAX = 32;

/**
 * The read models in the schema of a database, for writing. The database stays open: who opened it closes it.
 * When it pipelines, statements that only write are sent without waiting for their answers; a refused one
 * fails the transaction at its next read, or at its end.
 *
 * Commits are not waited for (`synchronous_commit = off`) unless asked: rows, checkpoint and place in the bus
 * change in one transaction, so a crash of the server takes back whole pages, which the log then gives again.
 * Nothing that was ever acknowledged to a client is in here alone.
 */
export function openPostgresStore(database: Database): Store {
  const prepared = namesOf(database);
  const sender = database.pool.options.pipeline ? pipelined : oneByOne;
  return {
    ...transactionOn(oneByOne(database), prepared),
    transaction: (work, durability = 'relaxed') =>
      database.transaction(async (tx) => {
        const { answered, ...on } = sender(tx);
        if (durability === 'relaxed') await on.send('set local synchronous_commit = off', []);
        const result = await work(transactionOn(on, prepared));
        await answered();
        return result;
      }),
    close: () => undefined,
  };
}

/** Sends the statements of one transaction, in order. */
interface Sender {
  /** Done as soon as the statement is on its way. Throws the failure of an earlier one. */
  send(text: string, values: readonly Value[], name?: string): Promise<void>;
  ask<Row>(text: string, values: readonly Value[], name?: string): Promise<Row[]>;
  /** When all that was sent has been answered. Throws the first failure: the later ones only follow from it. */
  answered(): Promise<void>;
}

const oneByOne = (connection: Queryable): Sender => ({
  send: async (text, values, name) => void (await connection.query(text, values, name)),
  ask: (text, values, name) => connection.query(text, values, name),
  answered: async () => undefined,
});

function pipelined(connection: Queryable): Sender {
  const unanswered = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const throwFailure = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  const put = async <Row>(text: string, values: readonly Value[], name?: string): Promise<Row[]> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    unanswered.add(promise);
    try {
      return await connection.query<Row>(text, values, name);
    } catch (error) {
      failure ??= { error };
      return [];
    } finally {
      unanswered.delete(promise);
      resolve();
    }
  };
  return {
    send: async (text, values, name) => {
      throwFailure();
      void put(text, values, name);
      while (unanswered.size > UNANSWERED_MAX) {
        const [oldest] = unanswered;
        await oldest;
      }
      throwFailure();
    },
    ask: async <Row>(text: string, values: readonly Value[], name?: string) => {
      const rows = await put<Row>(text, values, name);
      throwFailure();
      return rows;
    },
    answered: async () => {
      await Promise.all(unanswered);
      throwFailure();
    },
  };
}

type Names = (text: string) => string | undefined;

function transactionOn({ send, ask }: Omit<Sender, 'answered'>, prepared: Names): Transaction {
  return {
    dialect: POSTGRES,
    run: async (sql, rows) => {
      const [first = []] = rows;
      const text = numbered(sql);
      if (rows.length > 1 && ONE_ROW.test(sql))
        for (let at = 0; at < rows.length; at += BATCH_ROWS) {
          const batch = batchOf(sql, rows.slice(at, at + BATCH_ROWS));
          await send(batch.text, batch.values, rows.length < SHARING_ROWS ? prepared(batch.text) : undefined);
        }
      else for (const row of rows) await send(text, row, first.length > 0 ? prepared(text) : undefined);
    },
    all: async <Row>(sql: string, parameters: readonly Cell[]) => {
      const text = numbered(sql);
      const rows = await ask<Record<string, unknown>>(text, parameters, prepared(text));
      return rows.map(wholeAsBigint) as Row[];
    },
  };
}

/** `?` as PostgreSQL counts them. Statements of projections hold no literal with a question mark. */
function numbered(sql: string): string {
  let count = 0;
  return sql.replaceAll('?', () => `$${(count += 1)}`);
}

/**
 * One statement for many rows: each column goes as one array, so that no number of rows comes near the limit
 * of 65,535 parameters. In a large batch a column with one value for all rows goes as that value.
 */
export function batchOf(
  sql: string,
  rows: readonly (readonly Cell[])[],
): { readonly text: string; readonly values: readonly Value[] } {
  const [first = []] = rows;
  const values: Value[] = [];
  const cells: string[] = [];
  const arrays: string[] = [];
  const names: string[] = [];
  for (const [column, sample] of first.entries()) {
    const isShared = rows.every((row) => row[column] === sample);
    const typed = isShared ? sample : (rows.find((row) => row[column] !== null)?.[column] ?? null);
    // A column without any value has no type of its own; the table gives it one.
    if (typed === null) cells.push('null');
    else {
      const type = typeof typed === 'string' ? 'text' : 'bigint';
      const isValue = isShared && rows.length >= SHARING_ROWS;
      values.push(isValue ? typed : arrayOf(rows, column, type));
      const mark = `$${values.length}::${type}`;
      if (!isValue) {
        names.push(`c${column}`);
        arrays.push(`${mark}[]`);
      }
      cells.push(isValue ? mark : `c${column}`);
    }
  }
  // Rows that share everything are still as many.
  if (arrays.length === 0) {
    names.push('n');
    arrays.push(`array(select generate_series(1, ${rows.length}))`);
  }
  const from = `select ${cells.join(', ')} from unnest(${arrays.join(', ')}) as r (${names.join(', ')})`;
  return { text: sql.replace(ONE_ROW, () => from), values };
}

const AWKWARD = /["\\]/;

/** A column as the text of an array: what the driver would make of it, in less than half the time. */
function arrayOf(rows: readonly (readonly Cell[])[], column: number, type: 'text' | 'bigint'): string {
  const parts: (Cell | undefined)[] = [];
  for (const row of rows) {
    const cell = row[column];
    if (cell === null) parts.push('NULL');
    else if (type === 'bigint') parts.push(cell);
    else {
      const text = String(cell);
      parts.push(`"${AWKWARD.test(text) ? text.replace(/["\\]/g, String.raw`\$&`) : text}"`);
    }
  }
  return `{${parts.join(',')}}`;
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
