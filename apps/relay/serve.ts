import type { AddressInfo } from 'node:net';
import { createServer, problemsPage } from '#http';
import { EVENTS_TOPIC, openKafkaBus, playRelay } from '#messaging';
import { SettingError, type Settings, VERSION, platformRefusals } from '#platform';
import { openDatabase, prepareRoles } from '#postgres';
import { openLog } from './open-log.ts';
import { relayPages } from './pages.ts';

export interface ServingRelay {
  /** Where health and metrics are. */
  readonly url: string;
  /** Settles when a part ended that only a person can mend; otherwise with `stop`. */
  readonly ended: Promise<void>;
  /** Ends in order: the page under way and its checkpoint, then the parts go to others at once. */
  stop(): Promise<void>;
}

export interface ServeRelay {
  readonly onFault: (fault: unknown) => void;
  /** How long a process that died still counts as the relay. */
  readonly leaseMs?: number | undefined;
}

const PORT_DEFAULT = 4609;
const ROLES_SCHEMA = 'roles';
/** CloudEvents source: the one ledger there is on these brokers. */
const SOURCE = '/ledger';

/** Throws {@link SettingError} where a setting is missing that no relay can be without. */
function needed({ postgres, kafka }: Settings): { postgres: string; brokers: readonly string[] } {
  if (postgres === undefined)
    throw new SettingError(
      'LALANH_POSTGRES',
      'bộ chuyển giữ vị trí của mình ở PostgreSQL; ghi postgres://…',
      'the relay keeps its place in PostgreSQL; give postgres://…',
    );
  if (kafka.length === 0)
    throw new SettingError(
      'LALANH_KAFKA',
      'bộ chuyển cần Kafka; ghi máy:cổng, cách nhau bằng dấu phẩy',
      'the relay needs Kafka; give host:port, separated by commas',
    );
  return { postgres, brokers: kafka };
}

/** Hands the log over to Kafka by the settings, and with KurrentDB gives the positions, too. */
export async function serveRelay(
  settings: Settings,
  { onFault, leaseMs }: ServeRelay,
): Promise<ServingRelay> {
  const { postgres, brokers } = needed(settings);
  const { instance, partitions } = settings;
  const ends: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const database = openDatabase({ url: postgres, schema: ROLES_SCHEMA, name: `lalanh relay ${instance}` });
    ends.push(database.close);
    await prepareRoles(database);
    const { log, sequencer, close } = await openLog({
      settings,
      postgres,
      rolesSchema: ROLES_SCHEMA,
      onFault,
    });
    ends.push(close);
    const bus = openKafkaBus({ brokers, clientId: `lalanh-relay-${instance}`, onFault });
    ends.push(bus.close);
    const relay = playRelay({
      database,
      holder: instance,
      log,
      bus,
      topic: EVENTS_TOPIC,
      partitions,
      source: SOURCE,
      onFault,
      ...(leaseMs !== undefined && { leaseMs }),
    });
    ends.push(relay.stop);
    const app = await createServer({
      endpoints: [],
      controllers: [...relayPages({ log, relay, sequencer }), problemsPage(platformRefusals)],
      refusals: platformRefusals,
      version: VERSION,
      onFault,
    });
    ends.push(() => app.close());
    await app.listen(settings.port ?? PORT_DEFAULT, settings.host);
    const { port } = app.getHttpServer().address() as AddressInfo;
    const ended = Promise.race([relay.ended, ...(sequencer ? [sequencer.ended] : [])]);
    ended.catch(() => undefined);
    return { url: `http://${settings.host}:${port}`, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
