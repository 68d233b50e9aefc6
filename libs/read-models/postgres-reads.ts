import { type DatabaseConnection, CompiledQuery, Kysely, PostgresDialect, PostgresDriver } from 'kysely';
import type { Database } from '#postgres';
import { type ReadModels, readModelsOf } from './read.ts';

/**
 * Opens the read models in the schema of a database for queries; a projector must have made them. The database
 * stays open: who opened it closes it.
 */
export function openPostgresReadModels({ pool }: Database): ReadModels {
  const borrowed = { connect: () => pool.connect(), end: async () => undefined };
  return readModelsOf(new Kysely<never>({ dialect: new ReadDialect({ pool: borrowed }) }));
}

class ReadDialect extends PostgresDialect {
  readonly #config;

  constructor(config: ConstructorParameters<typeof PostgresDialect>[0]) {
    super(config);
    this.#config = config;
  }

  override createDriver(): PostgresDriver {
    return new ReadDriver(this.#config);
  }
}

/**
 * A transaction is one snapshot, as it is on SQLite, and not one for each statement. It is taken only after the
 * lock, so that a switch of builds is wholly before it or waits for its end; `lock` alone takes no snapshot.
 */
class ReadDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw(BEGIN));
    } catch (error) {
      // It began, and the lock failed: the connection goes back to the pool, and must not stay in what failed.
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
      throw error;
    }
  }
}

const BEGIN =
  'begin isolation level repeatable read read only; lock table projection_builds in access share mode';
