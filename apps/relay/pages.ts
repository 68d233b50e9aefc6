import type { Type } from '@nestjs/common';
import { type EventLogReader, type RunningSequencer, SEQUENCER_ROLE } from '#event-log';
import { createMetrics, servicePages } from '#http';
import { type PlayingRelay, RELAY_ROLE, recordedAtOf } from '#messaging';

/** What the pages of the relay's process ask. */
export interface RelayHealth {
  readonly log: Pick<EventLogReader, 'head' | 'readAll'>;
  readonly relay: Pick<PlayingRelay, 'status'>;
  readonly sequencer: Pick<RunningSequencer, 'status'> | undefined;
}

/** Faults in a row after which a part is said to be in trouble. */
const FAULTS_MAX = 3;

/** Age of the oldest event that is not handed over yet, in seconds; 0 when there is none. */
async function lagSeconds({ log }: RelayHealth, position: number): Promise<number> {
  const [next] = (await log.readAll({ after: position, limit: 1 })).events;
  const recordedAt = next && recordedAtOf(next.envelope);
  return recordedAt === undefined ? 0 : Math.max(0, (Date.now() - Date.parse(recordedAt)) / 1_000);
}

/** `/health/live`, `/health/ready` and `/metrics` of the relay and the sequencer beside it. */
export function relayPages(health: RelayHealth): readonly Type[] {
  const { log, relay, sequencer } = health;
  const metrics = createMetrics();
  const { gauge } = metrics;
  /** A relay that stands by knows nothing of the lag: the one that works says it. */
  const working = (read: (position: number) => number | Promise<number>) => (): number | Promise<number> => {
    const { position } = relay.status();
    return position === undefined ? Number.NaN : read(position);
  };
  metrics.gauges('lalanh_role_held', '1 while this process plays the part', 'role', () => [
    [RELAY_ROLE, Number(relay.status().held)],
    ...(sequencer ? [[SEQUENCER_ROLE, Number(sequencer.status().held)] as const] : []),
  ]);
  gauge('lalanh_log_head', 'Last position of the sequence', () => log.head());
  gauge(
    'lalanh_relay_position',
    'Position up to which the bus acknowledged',
    working((position) => position),
  );
  gauge(
    'lalanh_relay_lag_events',
    'Events of the sequence that are not on the bus yet',
    working(async (position) => (await log.head()) - position),
  );
  gauge(
    'lalanh_relay_lag_seconds',
    'Age of the oldest event that is not on the bus yet',
    working((position) => lagSeconds(health, position)),
  );
  if (sequencer) {
    const of = (name: string, help: string, key: 'position' | 'lagSeconds' | 'stalledSeconds'): void =>
      gauge(name, help, () => sequencer.status()[key]);
    of('lalanh_sequencer_position', 'Last position given', 'position');
    of('lalanh_sequencer_lag_seconds', 'Age of the oldest event without a position', 'lagSeconds');
    of('lalanh_subscription_stalled_seconds', 'Seconds since the log was last heard of', 'stalledSeconds');
  }
  return servicePages(metrics, () => {
    const { held, position, faults } = relay.status();
    return {
      troubles: [
        ...(faults > FAULTS_MAX ? ['RELAY_FAULTS'] : []),
        ...((sequencer?.status().faults ?? 0) > FAULTS_MAX ? ['SEQUENCER_FAULTS'] : []),
      ],
      more: { relay: held ? 'works' : 'stands by', position: position ?? null },
    };
  });
}
