import type { Readable } from 'node:stream';
import { Get } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Scope, everything } from '#access';
import { type Refusal, isId, parseMoment } from '#kernel';
import { daySchema, fieldErrors, fieldsRefusal } from '#platform';
import type { AsOf, Standing } from '#read-models';
import { z } from 'zod';
import { JSON_TYPE, decorate } from './command-endpoint.ts';
import {
  type Endpoint,
  type EndpointSpec,
  PROBLEMS,
  type Problems,
  READS,
  type Reads,
  toJson,
} from './endpoint.ts';
import { AT_LEAST_MS_MAX } from './limits.ts';

const knownAtSchema = z
  .string()
  .transform((text) => (/^\d{1,15}$/.test(text) ? Number(text) : parseMoment(text)))
  .refine((value) => value !== undefined, 'KNOWN_AT_INVALID')
  .meta({ description: 'A position of the log, or a UTC moment', examples: ['120', '2026-01-31T17:00:00Z'] });

const AT_LEAST = /^(?:\d{1,15}|[a-z]+-[a-z0-9.-]{1,181}@\d{1,15})$/;

/** The two dates of every read, and how new it has to be. */
export const asOfQuery = {
  effectiveThrough: daySchema.optional().meta({ description: 'Only what counts up to this day' }),
  knownAt: knownAtSchema.optional(),
  atLeast: z.string().regex(AT_LEAST, 'AT_LEAST_INVALID').optional().meta({
    description: 'A position or `stream@revision` that the answer must include; waits a little for it',
  }),
};

const FUNDS_MAX = 100;
/** A comma-separated list of ids. */
export const idsQuery = z
  .string()
  .transform((text) => text.split(','))
  .refine((ids) => ids.length <= FUNDS_MAX && ids.every(isId), 'ID_INVALID')
  .optional();
export const wholeQuery = (max: number): z.ZodType<number | undefined, string | undefined> =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'NUMBER_INVALID')
    .transform(Number)
    .pipe(z.number().max(max, 'NUMBER_INVALID'))
    .optional();

/** What every query endpoint hands on, without what the endpoint itself settles. */
export type Asked<Q extends z.ZodObject> = Omit<z.output<Q>, 'atLeast' | keyof AsOf> &
  AsOf & { readonly scope: Scope };

/** An answer that is not JSON: a file. */
export interface FileAnswer {
  readonly type: string;
  /** Name the file is saved under, ASCII without quotes; absent: shown where it is, as an image. */
  readonly name?: string;
  readonly body: string | Buffer | Readable;
}

/** Why a read has no answer. */
export interface Refused {
  readonly refusal: Refusal;
}

export const refused = (refusal: Refusal): Refused => ({ refusal });

interface QueryDefinition<Q extends z.ZodObject, A extends Standing> {
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** True: what it answers may be personal, and is kept by nobody on the way. */
  readonly isPersonal?: boolean;
  /** Parameters of the path and of the query string alike. */
  readonly query: Q;
  /** Null: there is no such thing, 404. A refusal says why there is no answer. */
  readonly read: (reads: Reads, asked: Asked<Q>) => Promise<A | Refused | null>;
  /** The answer as a file or an image; null: as JSON. */
  readonly file?: (answer: A, asked: Asked<Q>) => Promise<FileAnswer | null>;
}

/**
 * The controller of one read: `GET path`. Answers carry the position they stand at, which is also their ETag;
 * `atLeast` waits a bounded time and then answers 503 with Retry-After.
 */
export function queryEndpoint<Q extends z.ZodObject, A extends Standing>(
  definition: QueryDefinition<Q, A>,
): Endpoint {
  const { path, tag, summary, query, read, file, isPersonal = false } = definition;
  class QueryEndpoint {
    static readonly spec: EndpointSpec = { method: 'GET', path, tag, summary, query };
    readonly reads: Reads;
    readonly problems: Problems;
    constructor(reads: Reads, problems: Problems) {
      this.reads = reads;
      this.problems = problems;
    }

    async run(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const parsed = query.safeParse({ ...(request.query as object), ...(request.params as object) });
      if (!parsed.success) return this.problems.send(reply, fieldsRefusal(fieldErrors(parsed.error.issues)));
      const { atLeast, ...asked } = parsed.data as { atLeast?: string };
      if (atLeast !== undefined && !(await reached(this.reads, atLeast)))
        return this.problems.send(reply, { code: 'READ_BEHIND', details: { atLeast } });
      const scope = everything(actorOf(request));
      const question = { ...asked, scope } as unknown as Asked<Q>;
      const answer = await read(this.reads, question);
      if (answer === null) return this.problems.send(reply, { code: 'RECORD_UNKNOWN', details: {} });
      if ('refusal' in answer) return this.problems.send(reply, answer.refusal);
      const etag = `"${answer.position}"`;
      void reply.header('etag', etag).header('cache-control', isPersonal ? 'no-store' : 'no-cache');
      if (request.headers['if-none-match'] === etag) return void reply.code(304).send();
      const sent = (await file?.(answer, question)) ?? null;
      if (sent === null) return void reply.header('content-type', JSON_TYPE).send(toJson(answer));
      if (sent.name !== undefined)
        void reply.header('content-disposition', `attachment; filename="${sent.name}"`);
      void reply.header('content-type', sent.type).send(sent.body);
    }
  }
  decorate(QueryEndpoint, `GET ${path}`, path, Get, [READS, PROBLEMS]);
  return QueryEndpoint;
}

/** Who reads, when nobody says. */
export const GUEST = 'khach';
export const actorOf = (request: FastifyRequest): string => {
  const actor = request.headers['lalanh-actor'];
  return typeof actor === 'string' && isId(actor) ? actor : GUEST;
};

/** Waits until the read models include a position or `stream@revision`; false when the time is over. */
async function reached({ log, models }: Reads, atLeast: string): Promise<boolean> {
  const end = performance.now() + AT_LEAST_MS_MAX;
  const cut = atLeast.indexOf('@');
  let position = cut < 0 ? Number(atLeast) : undefined;
  while (position === undefined) {
    const from = Number(atLeast.slice(cut + 1));
    position = (await log.readStream(atLeast.slice(0, cut), { from, limit: 1 }))[0]?.position;
    if (position !== undefined) break;
    if (performance.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return models.waitFor(position, end - performance.now());
}
