import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect, type Transaction as KyselyTransaction, sql } from 'kysely';
import type { EventLogReader } from '#event-log';
import type { Day, LedgerEvent, Moment } from '#kernel';
import { type Build, type BuildRow, BUILDS, positionIn, toBuilds } from './builds.ts';
import { positionAt } from './moment.ts';
import { statementCache } from './sqlite-store.ts';

/** What queries need: the read models, and the log for what a balance must look up there. */
export interface ReadContext {
  // A read model types its own tables (`as`); the union of all would make every query know every other.
  readonly db: Kysely<never>;
  readonly log: Pick<EventLogReader, 'readAll' | 'find'>;
  /** Milliseconds by which a recorded time may lie behind an earlier one; 0, when absent: one ledger gives them. */
  readonly skewMs?: number;
}

/** The two dates every read takes. */
export interface AsOf {
  /** Only what counts for this day or an earlier one; everything when absent. */
  readonly effectiveThrough?: Day | undefined;
  /** As the ledger knew it: after the event at this position, or at this moment; now when absent. */
  readonly knownAt?: number | Moment | undefined;
}

/** What every answer says of itself. */
export interface Standing {
  /** Everything up to here was looked at. */
  readonly position: number;
  readonly effectiveThrough: Day | null;
  /** Position as of which it is answered, at most `position`. */
  readonly knownAt: number;
}

/** Later than any day. */
export const END_OF_DAYS: Day = '9999-12-31';

/** The read models of a data folder. */
export const READ_MODELS_FILE = 'readmodels.db';

/** A read-only door to the read models. A transaction of `db` sees one state of all of them. */
export interface ReadModels {
  readonly db: Kysely<never>;
  /** How far every build is, served and being built. */
  status(): Promise<readonly Build[]>;
  /** True as soon as every served projection has reached the position; false when the time is over. */
  waitFor(position: number, timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Milliseconds between looks at the checkpoints while somebody waits. */
const LOOK_MS = 5;

/** Opens the read models for queries. The file must have been made by a projector. */
export function openReadModels(file: string): ReadModels {
  const raw = new DatabaseSync(file, { readOnly: true, readBigInts: true, timeout: 5_000 });
  raw.exec('pragma cache_size = -32768; pragma temp_store = memory');
  const prepare = statementCache(raw);
  const db = new Kysely<never>({
    dialect: new SqliteDialect({
      database: {
        close: () => raw.close(),
        prepare: (text) => {
          const statement = prepare(text);
          return {
            reader: statement.columns().length > 0,
            all: (parameters) => statement.all(...(parameters as string[])),
            run: (parameters) => statement.run(...(parameters as string[])),
            iterate: (parameters) =>
              statement.iterate(...(parameters as string[])) as IterableIterator<never>,
          };
        },
      },
    }),
  });
  return readModelsOf(db);
}

/** Read models behind a door that is open already; closing them closes it. */
export function readModelsOf(db: Kysely<never>): ReadModels {
  // All who wait share one look at the checkpoints.
  let look: Promise<readonly Build[]> | undefined;
  const shared = (): Promise<readonly Build[]> =>
    (look ??= buildsOf(db).finally(() => {
      look = undefined;
    }));
  return {
    db,
    status: () => buildsOf(db),
    waitFor: async (position, timeoutMs) => {
      const end = performance.now() + timeoutMs;
      for (;;) {
        const served = (await shared()).filter((build) => build.served);
        if (served.every((build) => build.position >= position)) return true;
        if (performance.now() >= end) return false;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    },
    close: () => db.destroy(),
  };
}

async function buildsOf(db: Kysely<never>): Promise<Build[]> {
  return toBuilds((await sql.raw<BuildRow>(BUILDS).execute(db)).rows);
}

/** What is served of some projections. */
async function servedOf(db: Kysely<never>, projections: readonly string[]): Promise<Build[]> {
  const found = await sql<BuildRow>`
    select b.*, p.partition, p.position as partition_position, p.follows from projection_builds b
    left join projection_partitions p on p.name = b.name and p.build = b.build
    where b.served = 1 and b.name in (${sql.join(projections)}) order by b.name, b.build, p.partition`.execute(
    db,
  );
  return toBuilds(found.rows);
}

/** Where a query stands, and what else the tables hold already. */
export interface Stand extends Standing {
  /** {@link END_OF_DAYS} when no day was asked for. */
  readonly through: Day;
  /** Up to here events may be in the tables: the furthest partition. Equals `position` when one runner reads the log. */
  readonly highest: number;
  /** Whether an event up to `highest` is in the tables already. All up to `position` are. */
  readonly isApplied: (event: Pick<LedgerEvent, 'stream' | 'position'>) => boolean;
}

/**
 * Runs a query on one snapshot of the read models and says where it stands: at the lowest checkpoint of the
 * named projections, of all their partitions, and as known at the position or moment asked for.
 */
export async function readAsOf<Tables, T>(
  { db, log, skewMs = 0 }: ReadContext,
  projections: readonly string[],
  { effectiveThrough, knownAt }: AsOf,
  work: (trx: KyselyTransaction<Tables>, standing: Stand) => Promise<T>,
): Promise<Standing & T> {
  return db.transaction().execute(async (trx) => {
    const builds = await servedOf(trx, projections);
    const isWhole = builds.length >= projections.length;
    const position = isWhole ? Math.min(...builds.map((build) => build.position)) : 0;
    const asked = knownAt === undefined ? position : await positionAt(log, knownAt, position, skewMs);
    const standing = {
      position,
      effectiveThrough: effectiveThrough ?? null,
      knownAt: Math.min(asked, position),
    };
    const result = await work(trx as unknown as KyselyTransaction<Tables>, {
      ...standing,
      through: effectiveThrough ?? END_OF_DAYS,
      highest: Math.max(position, ...builds.flatMap(({ partitions }) => partitions)),
      isApplied: ({ stream, position: at }) => builds.every((build) => at <= positionIn(build, stream)),
    });
    return { ...standing, ...result };
  });
}
