import { statSync } from 'node:fs';
import type { Type } from '@nestjs/common';
import type { EventLogReader } from '#event-log';
import { type MeasuredLedger, type Reads, createMetrics, jsonPage, pageEndpoint, servicePages } from '#http';
import { openReadModels } from '#read-models';
import { homePage } from './home.ts';

/** Opens what reads need. The read models must have been made by a projector. */
export function openReads(log: EventLogReader, file: string): Reads {
  const models = openReadModels(file);
  return { log, models, db: models.db };
}


/** Where the log and every projection stand. */
async function statusOf({ log, models }: Reads): Promise<{ head: number; lowest: number; faulted: string[]; projections: unknown[] }> {
  const served = (await models.status()).filter((build) => build.served);
  const projections = served.map(({ name, version, position, fault }) => ({ name, version, position, fault }));
  return {
    head: await log.head(),
    lowest: Math.min(...served.map(({ position }) => position)),
    faulted: served.filter(({ fault }) => fault !== null).map(({ name }) => name),
    projections,
  };
}

/**
 * Health, status, metrics and the home page. `isRunning`: false when a part of the process has ended. `measured`: a
 * ledger in the same process. `walFiles`: write-ahead logs by name, whose size is told: one that keeps growing has
 * a reader that never ends.
 */
export function pagesOf(
  reads: Reads,
  isRunning: () => boolean,
  measured?: MeasuredLedger,
  walFiles: Readonly<Record<string, string>> = {},
): readonly Type[] {
  const metrics = createMetrics();
  const { gauge } = metrics;
  measured?.register(metrics.registry);
  gauge('lalanh_log_head', 'Position of the last event', () => reads.log.head());
  gauge('lalanh_projection_lowest', 'Lowest position of the served projections', async () => (await statusOf(reads)).lowest);
  gauge('lalanh_projection_faulted', 'Projections that stopped at an event', async () => (await statusOf(reads)).faulted.length);
  metrics.gauges('lalanh_wal_bytes', 'Bytes of a write-ahead log that wait to be copied back, at their highest', 'file', () =>
    Object.entries(walFiles).map(([file, path]) => [file, statSync(path, { throwIfNoEntry: false })?.size ?? 0]),
  );
  return [
    pageEndpoint('/', async () => ({ type: 'text/html; charset=utf-8', body: await homePage(reads) })),
    pageEndpoint('/v1/status', async () => jsonPage(await statusOf(reads))),
    ...servicePages(metrics, async () => {
      const { faulted, head, lowest } = await statusOf(reads);
      const troubles = [...(faulted.length > 0 ? ['PROJECTION_FAULTED'] : []), ...(isRunning() ? [] : ['PART_ENDED'])];
      return { troubles, more: { faulted, head, lowest } };
    }),
  ];
}
