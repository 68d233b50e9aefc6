import type { Type } from '@nestjs/common';
import type { EventLogReader } from '#event-log';
import { type MeasuredLedger, pageEndpoint } from '#http';
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';

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

const JSON_TYPE = 'application/json; charset=utf-8';

/** `/health/live`, `/health/ready` and `/metrics` of a ledger. */
export function ledgerPages({ log, measured, forwarded, members, troubles }: LedgerHealth): readonly Type[] {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  measured.register(metrics, forwarded);
  const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
    const made: Gauge = new Gauge({
      name,
      help,
      registers: [metrics],
      collect: async () => made.set(await read()),
    });
  };
  // A sequence that does not answer must not hide the other metrics.
  gauge('lalanh_log_head', 'Last position of the sequence', () => log.head().catch(() => Number.NaN));
  gauge('lalanh_ledger_members', 'Ledgers alive, as this one sees it', members);
  gauge(
    'lalanh_subscription_stalled_seconds',
    'Seconds since the log was last heard of',
    () => measured.ledger.stats().stalledSeconds,
  );
  return [
    pageEndpoint('/health/live', () => ({ type: JSON_TYPE, body: '{"status":"ok"}' })),
    pageEndpoint('/health/ready', async () => {
      const found = await troubles();
      const status = found.length === 0 ? 'ok' : 'troubled';
      return {
        status: found.length === 0 ? 200 : 503,
        type: JSON_TYPE,
        body: JSON.stringify({ status, troubles: found, members: members() }),
      };
    }),
    pageEndpoint('/metrics', async () => ({ type: metrics.contentType, body: await metrics.metrics() })),
  ];
}
