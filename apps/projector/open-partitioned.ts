import { type EventLogReader, openSequenceReader, openSqliteLogReader } from '#event-log';
import { EVENTS_TOPIC } from '#messaging';
import type { Settings } from '#platform';
import { ensureSchema, openDatabase } from '#postgres';
import {
  type PartitionedProjector,
  READ_MODELS_SCHEMA,
  createPartitionedProjector,
  openPostgresStore,
} from '#read-models';
import { allProjections } from './projections.ts';

/** The instances that keep one set of read models share the partitions under this name. */
export const GROUP = 'lalanh-projector';
/** Several partitions are applied at once, and one page is built. */
const CONNECTIONS_MAX = 6;

export interface OpenPartitioned extends Pick<Settings, 'log' | 'partitions'> {
  /** `postgres://…` */
  readonly postgres: string;
  /** For the database: which process this is. */
  readonly name: string;
}

export interface Partitioned {
  readonly log: EventLogReader;
  readonly projector: PartitionedProjector;
  close(): Promise<void>;
}

/** Joins those who keep the read models in PostgreSQL; what they are filled from is the log file or the sequence. */
export async function openPartitioned({
  log: setting,
  partitions,
  postgres: url,
  name,
}: OpenPartitioned): Promise<Partitioned> {
  const ends: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const database = openDatabase({
      url,
      schema: READ_MODELS_SCHEMA,
      connectionsMax: CONNECTIONS_MAX,
      pipeline: true,
      name,
    });
    ends.push(database.close);
    await ensureSchema(database, READ_MODELS_SCHEMA);
    const log = openLog(setting, url, name);
    ends.push(log.close);
    const projector = await createPartitionedProjector({
      log,
      store: openPostgresStore(database),
      projections: allProjections,
      group: GROUP,
      topic: EVENTS_TOPIC,
      partitions,
    });
    return { log, projector, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The log that builds are filled from: the sequence, which with SQLite is the log file itself. */
function openLog(setting: Settings['log'], url: string, name: string): EventLogReader {
  if (setting.kind === 'sqlite') return openSqliteLogReader(setting.folder);
  const database = openDatabase({ url, schema: 'sequence', name });
  const reader = openSequenceReader(database);
  return {
    ...reader,
    close: async () => {
      await reader.close();
      await database.close();
    },
  };
}
