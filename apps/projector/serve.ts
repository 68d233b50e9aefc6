import type { AddressInfo } from 'node:net';
import { type EventLogReader, openSequenceReader, openSqliteLogReader } from '#event-log';
import { createServer, problemsPage } from '#http';
import { EVENTS_TOPIC, openKafkaBus } from '#messaging';
import { SettingError, type Settings, VERSION, platformRefusals } from '#platform';
import { type Database, ensureSchema, openDatabase } from '#postgres';
import { READ_MODELS_SCHEMA, createPartitionedProjector, openPostgresStore } from '#read-models';
import { followBus } from './follow-bus.ts';
import { projectorPages } from './pages.ts';
import { allProjections } from './projections.ts';

export interface ServingProjector {
  /** Where health and metrics are. */
  readonly url: string;
  /** Settles when it ended for a reason that only a person can mend; otherwise with `stop`. */
  readonly ended: Promise<void>;
  /** Ends in order: running batches are finished, then the partitions go to others at once. */
  stop(): Promise<void>;
}

export interface ServeProjector {
  readonly onFault: (fault: unknown) => void;
  /** How long a process that died still holds its partitions; the bus's own default when absent. */
  readonly sessionMs?: number | undefined;
}

const PORT_DEFAULT = 4610;
/** Consumers of this name share the partitions. */
const GROUP = 'lalanh-projector';
/** Several partitions are applied at once, and one page is built. */
const CONNECTIONS_MAX = 6;

/** True when the settings ask for the distributed shape: read models in PostgreSQL, moved by what Kafka carries. */
export function isPartitioned({ kafka, postgres }: Settings): boolean {
  const isAsked = kafka.length > 0;
  if (isAsked && postgres === undefined)
    throw new SettingError(
      'LALANH_POSTGRES',
      'bộ chiếu từ Kafka ghi vào PostgreSQL; ghi postgres://…',
      'a projector that follows Kafka writes to PostgreSQL; give postgres://…',
    );
  return isAsked;
}

/** The log that builds are filled from: the sequence, which with SQLite is the log file itself. */
function openLog(
  { log }: Settings,
  url: string,
  name: string,
): { log: EventLogReader; close(): Promise<void> } {
  if (log.kind === 'sqlite') {
    const reader = openSqliteLogReader(log.folder);
    return { log: reader, close: reader.close };
  }
  const database: Database = openDatabase({ url, schema: 'sequence', name });
  const reader = openSequenceReader(database);
  return {
    log: reader,
    close: async () => {
      await reader.close();
      await database.close();
    },
  };
}

/** One of any number of projectors that share the partitions of the topic among them. */
export async function serveProjector(
  settings: Settings,
  { onFault, sessionMs }: ServeProjector,
): Promise<ServingProjector> {
  const { postgres = '', kafka: brokers, instance, partitions } = settings;
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const name = `lalanh projector ${instance}`;
    const database = openDatabase({
      url: postgres,
      schema: READ_MODELS_SCHEMA,
      connectionsMax: CONNECTIONS_MAX,
      name,
    });
    ends.push(database.close);
    await ensureSchema(database, READ_MODELS_SCHEMA);
    const { log, close } = openLog(settings, postgres, name);
    ends.push(close);
    const projector = await createPartitionedProjector({
      log,
      store: openPostgresStore(database),
      projections: allProjections,
      group: GROUP,
      topic: EVENTS_TOPIC,
      partitions,
    });
    const bus = openKafkaBus({
      brokers,
      clientId: `lalanh-projector-${instance}`,
      onFault,
      ...(sessionMs !== undefined && { sessionMs }),
    });
    ends.push(bus.close);
    await bus.ensureTopic(EVENTS_TOPIC, partitions);
    const following = await followBus({ bus, topic: EVENTS_TOPIC, group: GROUP, projector, onFault });
    ends.push(following.stop);
    const app = await createServer({
      endpoints: [],
      controllers: [...projectorPages({ log, projector, following }), problemsPage(platformRefusals)],
      refusals: platformRefusals,
      version: VERSION,
      onFault,
    });
    ends.push(() => app.close());
    await app.listen(settings.port ?? PORT_DEFAULT, settings.host);
    const { port } = app.getHttpServer().address() as AddressInfo;
    return { url: `http://${settings.host}:${port}`, ended: following.ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
