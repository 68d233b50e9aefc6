import { join } from 'node:path';
import { type EventLogReader, openSequenceReader, openSqliteLogReader } from '#event-log';
import type { Reads } from '#http';
import { type Settings, needPostgres } from '#platform';
import { type Database, openDatabase } from '#postgres';
import { READ_MODELS_FILE, openPostgresReadModels, openReadModels } from '#read-models';

export interface OpenedReads {
  readonly reads: Reads;
  close(): Promise<void>;
}

/**
 * Milliseconds by which recorded times of several ledgers may lie behind an earlier one in the log: they go by one
 * clock, so it is the time an event takes to reach the others, and room.
 */
const SKEW_MS = 5_000;

/**
 * Opens what reads need by the settings: the log's own file or the sequence, read models in SQLite or PostgreSQL.
 * A projector must have made the read models.
 */
export async function openReadsBySettings(settings: Settings): Promise<OpenedReads> {
  const { log: where, postgres, instance } = settings;
  const ends: (() => Promise<void>)[] = [];
  const database = (schema: string): Database => {
    const opened = openDatabase({
      url: needPostgres(settings),
      schema,
      name: `lalanh reports ${instance}`,
    });
    ends.push(opened.close);
    return opened;
  };
  const folder = where.kind === 'sqlite' ? where.folder : settings.data;
  const log: EventLogReader =
    where.kind === 'sqlite' ? openSqliteLogReader(folder) : openSequenceReader(database('sequence'));
  ends.push(log.close);
  const models =
    postgres === undefined
      ? openReadModels(join(folder, READ_MODELS_FILE))
      : openPostgresReadModels(database('readmodels'));
  ends.push(models.close);
  const skewMs = where.kind === 'sqlite' ? 0 : SKEW_MS;
  return {
    reads: { log, models, db: models.db, skewMs },
    close: async () => {
      for (const end of ends.toReversed()) await end();
    },
  };
}
