import type { AddressInfo } from 'node:net';
import { createServer, problemsPage } from '#http';
import { EVENTS_TOPIC, openKafkaBus } from '#messaging';
import { SettingError, type Settings, VERSION, platformRefusals } from '#platform';
import { followBus } from './follow-bus.ts';
import { GROUP, openPartitioned } from './open-partitioned.ts';
import { projectorPages } from './pages.ts';

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
    const opened = await openPartitioned({ ...settings, postgres, name: `lalanh projector ${instance}` });
    const { log, projector } = opened;
    ends.push(opened.close);
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
