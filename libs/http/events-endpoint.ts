import { once } from 'node:events';
import { Get } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PAGE_MAX, type RecordedEvent } from '#event-log';
import { z } from 'zod';
import { fieldErrors, fieldsRefusal } from '#platform';
import { decorate } from './command-endpoint.ts';
import { type Endpoint, type EndpointSpec, PROBLEMS, type Problems, READS, type Reads } from './endpoint.ts';
import { LIVE_STREAMS_MAX } from './limits.ts';
import { wholeQuery } from './query-endpoint.ts';

const query = z.strictObject({
  after: wholeQuery(Number.MAX_SAFE_INTEGER).meta({ description: 'Events after this position' }),
  limit: wholeQuery(PAGE_MAX).meta({ description: 'Events of the answer; 1,000 when absent' }),
});
const LIMIT_DEFAULT = 1_000;

/**
 * The log itself. `GET /v1/events`: a page of stored envelopes as NDJSON, byte for byte; the header
 * `Lalanh-Next` is the `after` of the next page. With `Accept: text/event-stream`, or at
 * `/v1/events/stream`: live, from `Last-Event-ID` or `after` on, one message an event, its id the position.
 */
export function eventsEndpoint(path: '/v1/events' | '/v1/events/stream'): Endpoint {
  let open = 0;
  class EventsEndpoint {
    static readonly spec: EndpointSpec = {
      method: 'GET',
      path,
      tag: 'log',
      summary:
        path === '/v1/events'
          ? 'Nhật ký sự kiện (NDJSON) / The log'
          : 'Sự kiện trực tiếp (SSE) / Live events',
      query,
    };
    readonly reads: Reads;
    readonly problems: Problems;
    readonly closing = new AbortController();
    constructor(reads: Reads, problems: Problems) {
      this.reads = reads;
      this.problems = problems;
    }

    async run(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const parsed = query.safeParse(request.query);
      if (!parsed.success) return this.problems.send(reply, fieldsRefusal(fieldErrors(parsed.error.issues)));
      const { after = 0, limit = LIMIT_DEFAULT } = parsed.data;
      const isLive =
        path === '/v1/events/stream' || (request.headers.accept ?? '').includes('text/event-stream');
      if (isLive) return this.live(Number(request.headers['last-event-id'] ?? after) || 0, reply);
      const { events } = await this.reads.log.readAll({ after, limit: Math.max(1, limit) });
      void reply
        .header('content-type', 'application/x-ndjson; charset=utf-8')
        .header('lalanh-next', events.at(-1)?.position ?? after)
        .send(events.map(({ envelope }) => `${envelope}\n`).join(''));
    }

    /** Called by Nest before the server closes: live streams would keep it open. */
    onModuleDestroy(): void {
      this.closing.abort();
    }

    async live(after: number, reply: FastifyReply): Promise<void> {
      if (open >= LIVE_STREAMS_MAX) return this.problems.send(reply, { code: 'LEDGER_BUSY', details: {} });
      open += 1;
      reply.hijack();
      const out = reply.raw;
      const gone = new AbortController();
      out.on('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, this.closing.signal]);
      out.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      try {
        for await (const item of this.reads.log.subscribe({ after, signal })) {
          const fits = out.write(item.kind === 'event' ? message(item.event) : `: ${item.kind}\n\n`);
          if (!fits) await once(out, 'drain', { signal });
        }
        out.end();
      } catch {
        // The reader left while it was being waited for; it comes back with Last-Event-ID.
        out.destroy();
      } finally {
        open -= 1;
      }
    }
  }
  decorate(EventsEndpoint, `GET ${path}`, path, Get, [READS, PROBLEMS]);
  return EventsEndpoint;
}

const message = ({ position, type, envelope }: RecordedEvent): string =>
  `id: ${position}\nevent: ${type}\ndata: ${envelope}\n\n`;
