import type { Type } from '@nestjs/common';
import type { EventLogReader } from '#event-log';
import { type MeasuredLedger, createMetrics, servicePages } from '#http';

/** What the pages of a ledger ask. */
export interface LedgerHealth {
  readonly log: Pick<EventLogReader, 'head'>;
  readonly measured: MeasuredLedger;
  readonly forwarded?: () => number;
  /** Members of the cluster, this one included; 1 where it is alone. */
  readonly members: () => number;
  /** Why it should get no commands now; empty: nothing. */
  readonly troubles: () => Promise<readonly string[]>;
}

/** `/health/live`, `/health/ready` and `/metrics` of a ledger. */
export function ledgerPages({ log, measured, forwarded, members, troubles }: LedgerHealth): readonly Type[] {
  const metrics = createMetrics();
  measured.register(metrics.registry, forwarded);
  metrics.gauge('lalanh_log_head', 'Last position of the sequence', () => log.head());
  metrics.gauge('lalanh_ledger_members', 'Ledgers alive, as this one sees it', members);
  metrics.gauge(
    'lalanh_subscription_stalled_seconds',
    'Seconds since the log was last heard of',
    () => measured.ledger.stats().stalledSeconds,
  );
  return servicePages(metrics, async () => ({
    troubles: await troubles(),
    more: { members: members() },
  }));
}
