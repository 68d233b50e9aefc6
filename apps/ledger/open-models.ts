import { join } from 'node:path';
import type { EventLogReader } from '#event-log';
import type { Reads } from '#http';
import { type Settings, needPostgres } from '#platform';
import { openDatabase } from '#postgres';
import { READ_MODELS_FILE, type ReadModels, openPostgresReadModels, openReadModels } from '#read-models';

/** Read models beside a ledger: what matching and accepting need besides the log and the vault. */
export interface ModelsBeside {
  readonly reads: Reads;
  close(): Promise<void>;
}

/** Milliseconds by which recorded times of several ledgers may lie behind an earlier one in the log. */
const SKEW_MS = 5_000;

/** The read models in PostgreSQL that projectors keep. They may be made after this ledger started. */
export function modelsInPostgres(settings: Settings, log: EventLogReader): ModelsBeside {
  const database = openDatabase({
    url: needPostgres(settings),
    schema: 'readmodels',
    name: `lalanh ledger ${settings.instance} reads`,
  });
  const models = openPostgresReadModels(database);
  return {
    reads: { log, models, db: models.db, skewMs: SKEW_MS },
    close: async () => {
      await models.close();
      await database.close();
    },
  };
}

/** The read models in the data folder; the file is opened when it is first asked for, since a projector makes it. */
export function modelsInFolder(folder: string, log: EventLogReader): ModelsBeside {
  let opened: ReadModels | undefined;
  const models = (): ReadModels => (opened ??= openReadModels(join(folder, READ_MODELS_FILE)));
  return {
    reads: {
      log,
      get models() {
        return models();
      },
      get db() {
        return models().db;
      },
    },
    close: async () => opened?.close(),
  };
}
