import pg from 'pg';

type Scalar = string | number | bigint | boolean | null | Uint8Array;

/** A value of a statement; `undefined` is no value. An array is one parameter, as `unnest` takes it. */
export type Value = Scalar | readonly Scalar[];

/** Statements with `$1`, `$2` … Whole numbers of 64 bits come back as `bigint`. */
export interface Queryable {
  /** With a `name` each connection prepares the text once; one name is one text, on the whole pool. */
  query<Row>(text: string, values?: readonly Value[], name?: string): Promise<Row[]>;
}

/** A pool of connections to one PostgreSQL database and, when named, one schema of it. */
export interface Database extends Queryable {
  /**
   * All of it or nothing, on one connection. Throws what `work` throws, after rolling back; a statement that failed
   * fails the whole, also when `work` caught its error. A connection lost during the commit leaves the outcome
   * unknown: the error is transient, and whoever tries again has to look first.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>, isolation?: Isolation): Promise<T>;
  /** The schema that unqualified names mean. */
  readonly schema: string;
  /** The pool itself, for libraries that want one (Kysely, a COPY). */
  readonly pool: pg.Pool;
  /** Waits for connections in use; a second call waits for the first. */
  close(): Promise<void>;
}

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

export interface DatabaseOptions {
  /** `postgres://user@host:port/database` */
  readonly url: string;
  /** What unqualified names mean ({@link ensureSchema} makes it); `public` when not named. Tests take one each. */
  readonly schema?: string;
  /** {@link CONNECTIONS_MAX} when absent. */
  readonly connectionsMax?: number;
  /**
   * Statements of one connection go out without waiting for the answers to those before; each still has its own
   * answer, in order. For writers of many; a COPY or a cursor is refused on such a connection.
   */
  readonly pipeline?: boolean;
  /** For `pg_stat_activity`: which service this is. */
  readonly name?: string;
  /** Milliseconds for a connection; {@link CONNECT_MS_MAX} when absent. */
  readonly connectMsMax?: number;
  /** Milliseconds until a statement without an answer is given up; {@link ANSWER_MS_MAX} when absent. */
  readonly answerMsMax?: number;
}

/** Connections a pool opens at most. */
const CONNECTIONS_MAX = 8;
/** A server that does not answer a connect in this time counts as gone. */
const CONNECT_MS_MAX = 5_000;
/** One statement; a longer one is ended by the server. Rebuilds work in pages far below it. */
const STATEMENT_MS_MAX = 60_000;
/** The client's own limit, for a server that no longer answers at all (half-open connection). */
const ANSWER_MS_MAX = STATEMENT_MS_MAX + 5_000;
/** An open transaction whose client says nothing for so long is ended, and with it its locks. */
const IDLE_IN_TRANSACTION_MS_MAX = 30_000;

const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;

/** The driver gives 64-bit numbers as text; an amount must never pass through a float. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));
// sum(bigint) is numeric: ours are whole, and anything else is a fault to show.
types.setTypeParser(pg.types.builtins.NUMERIC, (text) => BigInt(text));

/**
 * Opens a database; connects at the first statement. Every wait has a limit. Errors of the server and of the
 * network come through as they are: {@link isTransient} tells which may pass.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, schema = 'public', connectionsMax = CONNECTIONS_MAX, pipeline = false } = options;
  const { name = 'lalanh', connectMsMax = CONNECT_MS_MAX, answerMsMax = ANSWER_MS_MAX } = options;
  if (!SCHEMA.test(schema)) throw new RangeError(`not a schema name: ${schema}`);
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    application_name: name,
    types,
    pipeline,
    keepAlive: true,
    connectionTimeoutMillis: connectMsMax,
    statement_timeout: STATEMENT_MS_MAX,
    query_timeout: answerMsMax,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
    options: `-c search_path=${schema}`,
  });
  // A connection that breaks while idle is replaced by the next use; without a listener it ends the process.
  pool.on('error', () => undefined);
  // The same for one in use that breaks between two statements: its next statement fails and says so.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const on = (runner: pg.Pool | pg.PoolClient): Queryable => ({
    query: async <Row>(text: string, values: readonly Value[] = [], name?: string) =>
      (await runner.query({ text, values: values as unknown[], ...(name !== undefined && { name }) }))
        .rows as Row[],
  });
  let closing: Promise<void> | undefined;
  return {
    ...on(pool),
    schema,
    pool,
    transaction: async (work, isolation = 'read committed') => {
      const client = await pool.connect();
      let broken: Error | undefined;
      // The server may end the session between two statements (a limit, a restart). The next statement says so;
      // without a listener the event would end the process before.
      const noted = (error: Error): void => void (broken = error);
      client.on('error', noted);
      try {
        await client.query(`begin isolation level ${isolation}`);
        const result = await work(on(client));
        const { command } = await client.query('commit');
        // The server's answer to the commit of a transaction in which a statement failed.
        if (command === 'ROLLBACK')
          throw new Error('a failed statement was caught, and its transaction went on');
        return result;
      } catch (error) {
        // A connection that gave no answer would not answer a rollback either; the server rolls back when it closes.
        if (error instanceof Error && isTransient(error) && !(error instanceof pg.DatabaseError))
          broken = error;
        else await client.query('rollback').catch((cause: unknown) => (broken = cause as Error));
        throw error;
      } finally {
        client.off('error', noted);
        // A connection that broke or could not even roll back is thrown away.
        client.release(broken);
      }
    },
    close: () => (closing ??= pool.end()),
  };
}

/** Makes the schema when it is not there. */
export async function ensureSchema(database: Queryable, schema: string): Promise<void> {
  if (!SCHEMA.test(schema)) throw new RangeError(`not a schema name: ${schema}`);
  // Two processes that start together may both find it absent; the second one's error is the answer it wants.
  await database.query(`create schema if not exists ${schema}`).catch((error: unknown) => {
    if (!(error instanceof pg.DatabaseError && (error.code === '23505' || error.code === '42P06')))
      throw error;
  });
}

/** Classes of SQLSTATE that may pass: connection, insufficient resources, operator intervention, rollback, system. */
const TRANSIENT_CLASSES = new Set(['08', '53', '57', '40', '58']);
/** Of other classes: idle in a transaction for too long, read-only until promoted, in use, locked. */
const TRANSIENT_STATES = new Set(['25P03', '25006', '55006', '55P03']);
const TRANSIENT_NETWORK = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
const TRANSIENT_TEXT =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error/;

/** True for a fault of the machine, the network or another transaction, and not of a statement or of our code. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof pg.DatabaseError) {
    return TRANSIENT_STATES.has(code) || TRANSIENT_CLASSES.has(code.slice(0, 2));
  }
  return TRANSIENT_NETWORK.has(code) || TRANSIENT_TEXT.test(error.message);
}
