import type { Type } from '@nestjs/common';
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { type PageAnswer, pageEndpoint } from './page-endpoint.ts';

/** The metrics of one process. */
export interface ServiceMetrics {
  readonly registry: Registry;
  /** A figure that is read when somebody asks; NaN where that fails, so that it hides no other. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** The same with one label: all its values at once. */
  gauges(
    name: string,
    help: string,
    label: string,
    read: () => Iterable<readonly [string | number, number]>,
  ): void;
}

/** Metrics of a process, Node's own among them. */
export function createMetrics(): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    gauge: (name, help, read) => {
      const made: Gauge = new Gauge({
        name,
        help,
        registers: [registry],
        collect: async () => {
          const value = await Promise.resolve()
            .then(read)
            .catch(() => Number.NaN);
          made.set(value);
        },
      });
    },
    gauges: (name, help, label, read) => {
      const made: Gauge = new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [registry],
        collect: () => {
          made.reset();
          for (const [of, value] of read()) made.set({ [label]: of }, value);
        },
      });
    },
  };
}

/** Whether a process should get work now: empty `troubles` say yes; the rest is told beside them. */
export interface Readiness {
  readonly troubles: readonly string[];
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A page of JSON, as a person or a probe reads it. */
export const jsonPage = (body: unknown, status = 200): PageAnswer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});

/** `/health/live`, `/health/ready` (503 while there are troubles) and `/metrics`, the same for every service. */
export const servicePages = (
  { registry }: ServiceMetrics,
  ready: () => Readiness | Promise<Readiness>,
): readonly Type[] => [
  pageEndpoint('/health/live', () => jsonPage({ status: 'ok' })),
  pageEndpoint('/health/ready', async () => {
    const { troubles, more } = await ready();
    const isReady = troubles.length === 0;
    return jsonPage({ status: isReady ? 'ok' : 'troubled', troubles, ...more }, isReady ? 200 : 503);
  }),
  pageEndpoint('/metrics', async () => ({ type: registry.contentType, body: await registry.metrics() })),
];
