import type { LedgerEvent } from '#kernel';

/** What a cell of a read model may hold. Amounts are `bigint` minor units, counts and positions `number`. */
export type Cell = string | bigint | number | null;

/** `text`, `whole` (64-bit integer); with `?` the cell may be null. */
export type ColumnType = 'text' | 'text?' | 'whole' | 'whole?';

/** One table of a projection, the same on every database. Rows lie in the order of `key`. */
export interface Table {
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly key: readonly string[];
  /** `where` limits the index to the rows that need it. */
  readonly indexes?: readonly { readonly columns: readonly string[]; readonly where?: string }[];
}

/** How one database writes what the projections and their runner need of it. */
export interface SchemaDialect {
  readonly types: Readonly<Record<ColumnType, string>>;
  /** What ends the statement that makes a table. */
  readonly tail: string;
  /** Makes the transactions that start, drop and switch builds come one after the other. */
  readonly oneByOne: readonly string[];
  /** Locks every build, in the order in which pages lock theirs, so that none of them waits for the other. */
  readonly holdBuilds: readonly string[];
  /** Waits until no query reads the views, and lets none begin before the commit. */
  readonly beforeSwitch: readonly string[];
}

/**
 * The writing side of a projection inside the transaction that also moves its checkpoint. SQL is plain
 * (placeholders `?`, `on conflict … do update`), so that it means the same on SQLite and PostgreSQL.
 */
export interface Transaction {
  readonly dialect: SchemaDialect;
  /**
   * Runs one statement once for each row of parameters, in order. Rows of an upsert have different keys, since
   * many of them may go as one statement.
   */
  run(sql: string, rows: readonly (readonly Cell[])[]): Promise<void>;
  /** Whole numbers come back as `bigint`. */
  all<Row>(sql: string, parameters: readonly Cell[]): Promise<Row[]>;
}

/**
 * Events in the order of the log, parsed once for every projection that reads them: consecutive ones of the
 * whole log, or of one of its partitions.
 */
export interface EventPage {
  readonly events: readonly LedgerEvent[];
  /** The partition a stream's events travel in, 0 … n − 1; always 0 where one runner reads the whole log. */
  readonly partitionOf: (stream: string) => number;
  /** Results of {@link derive}, by function. */
  readonly derived: Map<unknown, readonly unknown[]>;
}

/**
 * `f` of every event of the page, worked out once however many projections ask: pass the same function, not
 * a new closure.
 */
export function derive<E extends LedgerEvent, T>(page: EventPage, f: (event: E) => T): readonly T[] {
  const known = page.derived.get(f);
  if (known) return known as readonly T[];
  const results = page.events.map((event) => f(event as E));
  page.derived.set(f, results);
  return results;
}

/** Writes what a page of events changes. Events of types the projection did not ask for may be among them. */
export type Evolve = (page: EventPage, tx: Transaction) => Promise<void>;

/**
 * One read model. `open` gives the evolve for a set of tables (`physical` names them) and is called again
 * after every rollback, so whatever it remembers in memory may come only from the log and its own tables.
 *
 * Partitions of the log are applied side by side, each with an evolve of its own, all books of one fund in one
 * partition (`partitionOf` of `#event-log`). So that any interleaving of them makes the same tables, a
 * projection keeps to this:
 * - a row is written by events of one partition only: its key holds the fund, the stream, the position or
 *   the partition. No two runners then ever wait for each other's rows;
 * - an evolve reads, in memory or in its tables, only rows that its own partition wrote;
 * - a row keeps the position of what it says, so that a query can leave out what is later than it stands; or
 *   it is a sum of what `changes` gives, from which {@link readBalances} takes it away again.
 */
export interface Projection {
  /** Words joined by hyphens, the name of its folder. */
  readonly name: string;
  /** Rises when its tables or its meaning change: the new version is built beside the old one. */
  readonly version: number;
  /** Event types it reads; only these are parsed. */
  readonly types: readonly string[];
  /** By the name queries use; no other projection has a table of that name. */
  readonly tables: Readonly<Record<string, Table>>;
  readonly open: (physical: (table: string) => string) => Evolve;
}
