import {
  type EventLogReader,
  type RunningSequencer,
  openKurrentFeed,
  openSequenceReader,
  openSqliteLogReader,
  prepareSequence,
  runSequencer,
} from '#event-log';
import type { Settings } from '#platform';
import { openDatabase } from '#postgres';

/** The log as the relay reads it and, where positions are given here, who gives them. */
export interface OpenedLog {
  readonly log: EventLogReader;
  readonly sequencer: RunningSequencer | undefined;
  close(): Promise<void>;
}

export interface OpenLog {
  readonly settings: Settings;
  readonly postgres: string;
  /** Where the table of roles is. */
  readonly rolesSchema: string;
  readonly onFault: (fault: unknown) => void;
}

/**
 * With SQLite the log file is the sequence. With KurrentDB this process is also the sequencer, whenever no other is,
 * and the log is what the sequencer wrote.
 */
export async function openLog({ settings, postgres, rolesSchema, onFault }: OpenLog): Promise<OpenedLog> {
  const { log: where, instance } = settings;
  if (where.kind === 'sqlite') {
    const log = openSqliteLogReader(where.folder);
    return { log, sequencer: undefined, close: log.close };
  }
  const database = openDatabase({ url: postgres, schema: 'sequence', name: `lalanh sequencer ${instance}` });
  const ends: (() => Promise<void>)[] = [database.close];
  const close = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    await prepareSequence(database);
    const log = openSequenceReader(database);
    ends.push(log.close);
    const feed = await openKurrentFeed({ connectionString: where.connectionString });
    ends.push(feed.close);
    const sequencer = runSequencer({ feed, database, holder: instance, rolesSchema, onFault });
    ends.push(sequencer.stop);
    return { log, sequencer, close };
  } catch (error) {
    await close();
    throw error;
  }
}
