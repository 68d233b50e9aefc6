import { Get, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decorate } from './command-endpoint.ts';

/** What a page answers: text as it is. */
export interface PageAnswer {
  readonly status?: number;
  readonly type: string;
  readonly body: string;
}

/** A controller for what is not part of the API: health, metrics, the home page. */
export function pageEndpoint(path: string, render: () => PageAnswer | Promise<PageAnswer>): Type {
  class PageEndpoint {
    async run(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const { status = 200, type, body } = await render();
      void reply.code(status).header('content-type', type).header('cache-control', 'no-store').send(body);
    }
  }
  decorate(PageEndpoint, `GET ${path}`, path, Get, []);
  return PageEndpoint;
}
