import type { Type } from '@nestjs/common';
import type { EventLogReader } from '#event-log';
import { createMetrics, servicePages } from '#http';
import { recordedAtOf } from '#messaging';
import type { Build, PartitionedProjector } from '#read-models';
import { Counter } from 'prom-client';
import type { Following } from './follow-bus.ts';

/** What the pages of a projector ask. */
export interface ProjectorHealth {
  readonly log: Pick<EventLogReader, 'head' | 'readAll'>;
  readonly projector: Pick<PartitionedProjector, 'positions' | 'gaps' | 'builds'>;
  readonly following: Pick<Following, 'faults' | 'consumer'>;
}

/** Faults in a row after which the projector is said to be in trouble. */
const FAULTS_MAX = 3;

const lowestOf = (positions: Iterable<number>): number | undefined => {
  const lowest = Math.min(...positions);
  return Number.isFinite(lowest) ? lowest : undefined;
};

/** `/health/live`, `/health/ready` and `/metrics` of a projector: red while any projection is faulted. */
export function projectorPages({ log, projector, following }: ProjectorHealth): readonly Type[] {
  const metrics = createMetrics();
  const { gauge } = metrics;
  const served = async (): Promise<Build[]> => (await projector.builds()).filter((build) => build.served);
  const own = (): number | undefined => lowestOf(projector.positions().values());
  metrics.gauges(
    'lalanh_projector_position',
    'Position of each partition that this instance owns',
    'partition',
    () => projector.positions(),
  );
  const gaps = new Counter({
    name: 'lalanh_projector_gaps_total',
    help: 'Gaps seen in the bus and read from the sequence',
    registers: [metrics.registry],
    collect: () => {
      gaps.reset();
      gaps.inc(projector.gaps());
    },
  });
  gauge('lalanh_log_head', 'Last position of the sequence', () => log.head());
  gauge('lalanh_projector_lag_events', 'Events after the lowest own partition', async () => {
    const lowest = own();
    return lowest === undefined ? 0 : Math.max(0, (await log.head()) - lowest);
  });
  gauge(
    'lalanh_projector_lag_seconds',
    'Age of the oldest event not applied in an own partition',
    async () => {
      const lowest = own();
      if (lowest === undefined) return 0;
      const [next] = (await log.readAll({ after: lowest, limit: 1 })).events;
      const recordedAt = next && recordedAtOf(next.envelope);
      return recordedAt === undefined ? 0 : Math.max(0, (Date.now() - Date.parse(recordedAt)) / 1_000);
    },
  );
  gauge(
    'lalanh_projection_lowest',
    'Lowest position of the served projections',
    async () => lowestOf((await served()).map(({ position }) => position)) ?? 0,
  );
  gauge(
    'lalanh_projection_faulted',
    'Projections that stopped at an event',
    async () => (await projector.builds()).filter(({ fault }) => fault !== null).length,
  );
  gauge('lalanh_subscription_stalled_seconds', 'Seconds since the brokers were last heard of', () =>
    following.consumer.stalledSeconds(),
  );
  return servicePages(metrics, async () => {
    const faulted = (await projector.builds().catch(() => undefined))
      ?.filter(({ fault }) => fault !== null)
      .map(({ name, fault }) => ({ name, ...fault }));
    return {
      troubles: [
        ...(faulted === undefined ? ['READ_MODELS_UNAVAILABLE'] : []),
        ...(faulted !== undefined && faulted.length > 0 ? ['PROJECTION_FAULTED'] : []),
        ...(following.faults() > FAULTS_MAX ? ['PROJECTOR_FAULTS'] : []),
      ],
      more: { faulted: faulted ?? [], partitions: Object.fromEntries(projector.positions()) },
    };
  });
}
