import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import type { EventLog } from '../../libs/event-log/index.ts';
import { type Database, ensureSchema, openDatabase } from '../../libs/postgres/index.ts';
import {
  type Projection,
  type ReadContext,
  type ReadModels,
  type Store,
  catchUp,
  createProjector,
  openPostgresReadModels,
  openPostgresStore,
  openReadModels,
  openStore,
} from '../../libs/read-models/index.ts';
import { hasParts } from './parts/index.ts';
import { freshDatabase } from './parts/shared.ts';

/** A fresh, empty home of read models. What it opened ends with it. */
export interface StoreHome {
  /** Another one each time, with connections of its own, as another process would have. */
  store(): Store;
  /** After a projector has made the tables. */
  models(): ReadModels;
  /** The tables that lie there, without the views on them. */
  tables(): Promise<string[]>;
}

/** Makes a fresh home; it is removed with the `describe`. */
export type FreshHome = () => Promise<StoreHome>;

interface Kind {
  fresh: FreshHome;
  close(): Promise<void>;
}

/** Properties write thousands of small transactions; a busy machine takes its time for them. */
const TEST_MS_MAX = 180_000;
/** Connections of one store or door of a test: a spec file opens many. */
const CONNECTIONS = 3;

async function sqliteKind(): Promise<Kind> {
  const folder = mkdtempSync(join(tmpdir(), 'la-lanh-'));
  let files = 0;
  return {
    fresh: async () => {
      const file = join(folder, `${(files += 1)}.db`);
      return {
        store: () => openStore(file),
        models: () => openReadModels(file),
        tables: async () => {
          const store = openStore(file);
          const names = await namesIn(store, "select name from sqlite_schema where type = 'table'");
          store.close();
          return names;
        },
      };
    },
    close: async () => rmSync(folder, { recursive: true }),
  };
}

async function postgresKind(): Promise<Kind> {
  const { url, database: admin, drop } = await freshDatabase();
  const opened: Database[] = [];
  let schemas = 0;
  return {
    fresh: async () => {
      const schema = `home_${(schemas += 1)}`;
      await ensureSchema(admin, schema);
      const open = (): Database => {
        const database = openDatabase({
          url,
          schema,
          connectionsMax: CONNECTIONS,
          pipeline: true,
        });
        opened.push(database);
        return database;
      };
      const shared = open();
      return {
        store: () => openPostgresStore(open()),
        models: () => openPostgresReadModels(shared),
        tables: () =>
          namesIn(
            openPostgresStore(shared),
            'select tablename as name from pg_tables where schemaname = current_schema()',
          ),
      };
    },
    close: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await drop();
    },
  };
}

async function namesIn(store: Store, sql: string): Promise<string[]> {
  const rows = await store.all<{ name: string }>(`${sql} order by 1`, []);
  return rows.map(({ name }) => name);
}

const KINDS = [
  { name: 'SQLite', make: sqliteKind, isThere: true },
  { name: 'PostgreSQL', make: postgresKind, isThere: hasParts('postgres') },
] as const;

export type StoreName = (typeof KINDS)[number]['name'];

/** A `describe` for each database that read models may lie in; the same assertions hold on all of them. */
export function describeStores(name: string, work: (fresh: FreshHome, store: StoreName) => void): void {
  for (const kind of KINDS)
    describe.skipIf(!kind.isThere)(`${name}, on ${kind.name}`, { timeout: TEST_MS_MAX }, () => {
      work(homes(kind.make), kind.name);
    });
}

/** A `describe` that has both databases, to hold one against the other. */
export function withBothHomes(
  name: string,
  work: (freshSqlite: FreshHome, freshPostgres: FreshHome) => void,
): void {
  describe.skipIf(!hasParts('postgres'))(`${name}, in both databases`, { timeout: TEST_MS_MAX }, () => {
    work(homes(sqliteKind), homes(postgresKind));
  });
}

/** Homes of one kind for the tests of the `describe` around. */
function homes(make: () => Promise<Kind>): FreshHome {
  let kind: Kind;
  beforeAll(async () => {
    kind = await make();
  });
  afterAll(() => kind.close());
  return () => kind.fresh();
}

/** A log as the read models of a fresh home hold it, ready for queries. */
export async function projected(
  fresh: FreshHome,
  log: EventLog,
  projections: readonly Projection[],
  pageEvents?: number,
): Promise<ReadContext & { close(): Promise<void> }> {
  const home = await fresh();
  const store = home.store();
  await catchUp(
    await createProjector({ log, store, projections, ...(pageEvents !== undefined && { pageEvents }) }),
  );
  store.close();
  const { db, close } = home.models();
  return { db, log, close };
}
