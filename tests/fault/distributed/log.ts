import { setTimeout as sleep } from 'node:timers/promises';
import { SEQUENCE_SCHEMA } from '../../../apps/cli/sequence.ts';
import { type EventLogReader, type RecordedEvent, openSequenceReader, openSqliteLogReader } from '#event-log';
import { openDatabase } from '#postgres';
import type { Cluster } from '../../support/cluster/cluster.ts';
import { eventsOf } from '../checker.ts';
import type { Journal } from '../journal.ts';

/** Where the ledgers write: one SQLite file, or the protocol double of KurrentDB. */
export type LogKind = 'sqlite' | 'double';

const LOOK_MS = 200;

/** The log as those that read positions see it: the file of the ledger, or the sequence in PostgreSQL. */
export const withLog = async <T>(
  cluster: Pick<Cluster, 'data' | 'postgres'>,
  kind: LogKind,
  work: (log: EventLogReader) => Promise<T>,
): Promise<T> => {
  if (kind === 'sqlite') {
    const log = openSqliteLogReader(cluster.data);
    return work(log).finally(() => log.close());
  }
  const database = openDatabase({
    url: cluster.postgres.url,
    schema: SEQUENCE_SCHEMA,
    name: 'lalanh faults',
  });
  const log = openSequenceReader(database);
  return work(log).finally(async () => {
    await log.close();
    await database.close();
  });
};

/**
 * All events of the log, once it holds what clients were told or the time is over: the sequencer is a little
 * behind what it follows. What is missing then, the checker names.
 */
export const settledLog = async (
  log: EventLogReader,
  { entries }: Pick<Journal, 'entries'>,
  withinMs: number,
): Promise<readonly RecordedEvent[]> => {
  const told = [...entries.values()].flatMap(({ settled }) =>
    settled?.kind === 'acknowledged' ? settled.events.map(({ id }) => id) : [],
  );
  const end = performance.now() + withinMs;
  for (;;) {
    const events = await Array.fromAsync(eventsOf(log));
    const there = new Set(events.map(({ id }) => id));
    if (told.every((id) => there.has(id)) || performance.now() > end) return events;
    await sleep(LOOK_MS);
  }
};
