import { statSync } from 'node:fs';
import type { Type } from '@nestjs/common';
import type { EventLogReader } from '#event-log';
import { type MeasuredLedger, type Reads, pageEndpoint } from '#http';
import { openReadModels } from '#read-models';
import { Registry, collectDefaultMetrics, Gauge } from 'prom-client';
import { homePage } from './home.ts';

/** Opens what reads need. The read models must have been made by a projector. */
export function openReads(log: EventLogReader, file: string): Reads {
  const models = openReadModels(file);
  return { log, models, db: models.db };
}

const JSON_TYPE = 'application/json; charset=utf-8';

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
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  measured?.register(metrics);
  const gauge = (name: string, help: string, read: () => Promise<number>): void => {
    const made: Gauge = new Gauge({
      name,
      help,
      registers: [metrics],
      collect: async (): Promise<void> => made.set(await read()),
    });
  };
  gauge('lalanh_log_head', 'Position of the last event', () => reads.log.head());
  gauge('lalanh_projection_lowest', 'Lowest position of the served projections', async () => (await statusOf(reads)).lowest);
  gauge('lalanh_projection_faulted', 'Projections that stopped at an event', async () => (await statusOf(reads)).faulted.length);
  const walBytes: Gauge<'file'> = new Gauge({
    name: 'lalanh_wal_bytes',
    help: 'Bytes of a write-ahead log that wait to be copied back, at their highest',
    labelNames: ['file'],
    registers: [metrics],
    collect: (): void => {
      for (const [file, path] of Object.entries(walFiles))
        walBytes.set({ file }, statSync(path, { throwIfNoEntry: false })?.size ?? 0);
    },
  });
  const json = (body: unknown, status = 200): { status: number; type: string; body: string } => ({
    status,
    type: JSON_TYPE,
    body: JSON.stringify(body),
  });
  return [
    pageEndpoint('/', async () => ({ type: 'text/html; charset=utf-8', body: await homePage(reads) })),
    pageEndpoint('/health/live', () => json({ status: 'ok' })),
    pageEndpoint('/health/ready', async () => {
      const { faulted, head, lowest } = await statusOf(reads);
      const isReady = faulted.length === 0 && isRunning();
      return json({ status: isReady ? 'ok' : 'faulted', faulted, head, lowest }, isReady ? 200 : 503);
    }),
    pageEndpoint('/v1/status', async () => json(await statusOf(reads))),
    pageEndpoint('/metrics', async () => ({ type: metrics.contentType, body: await metrics.metrics() })),
  ];
}
