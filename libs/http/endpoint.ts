import type { Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RefusalTable } from '#kernel';
import type { AnyHandler, CommandRefusal, Ledger } from '#platform';
import type { ReadContext, ReadModels } from '#read-models';
import type { EventLogReader } from '#event-log';
import type { z } from 'zod';
import { PROBLEM_TYPE, type Problem, createProblems } from './problem.ts';

/** Injection tokens of what endpoints stand on. */
export const READS = Symbol('reads');
export const PROBLEMS = Symbol('problems');

/** What reading endpoints need: the read models, the log, and how far a read may wait. */
export interface Reads extends ReadContext {
  readonly log: EventLogReader;
  readonly models: ReadModels;
}

/** What the OpenAPI document says of one endpoint. */
export interface EndpointSpec {
  readonly method: 'GET' | 'POST';
  /** With `{name}` for its parameters. */
  readonly path: string;
  /** Capability it belongs to. */
  readonly tag: string;
  readonly summary: string;
  readonly handler?: AnyHandler;
  readonly query?: z.ZodObject;
  readonly bulk?: boolean;
  /** True: between our own processes, not in the document. */
  readonly internal?: boolean;
}

/** What a route of the write path stands on. */
export interface Writing {
  readonly ledger: Ledger;
  readonly problems: Problems;
  /** Takes what went wrong inside; never a body. */
  readonly onFault: (error: unknown) => void;
}

/** One endpoint of the write path, a Fastify route as it is: nothing of Nest runs per request (decision 0008). */
export interface Route {
  readonly spec: EndpointSpec;
  /** What its body comes as, when that is not JSON: bytes of one of these types. */
  readonly accepts?: { readonly types: readonly string[]; readonly bytesMax: number };
  readonly route: (writing: Writing) => (request: FastifyRequest, reply: FastifyReply) => void;
}

/** A Nest controller of one endpoint, or a route, with its description. */
export type Endpoint = (Type & { readonly spec: EndpointSpec }) | Route;

export const isRoute = (endpoint: Endpoint): endpoint is Route => 'route' in endpoint;

/** Turns refusals into answers. */
export interface Problems {
  readonly of: (refusal: CommandRefusal) => Problem;
  readonly send: (reply: FastifyReply, refusal: CommandRefusal) => void;
}

/** Seconds a client should wait before it asks again. */
const RETRY_AFTER_SECONDS = 1;

export function problemsOf(table: RefusalTable): Problems {
  const of = createProblems(table);
  return {
    of,
    send: (reply, refusal) => {
      const problem = of(refusal);
      if (problem.status === 503) void reply.header('retry-after', RETRY_AFTER_SECONDS);
      void reply.code(problem.status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(problem));
    },
  };
}

/** `/v1/books/{fund}/close` as Fastify writes it: `/v1/books/:fund/close`. */
export const routeOf = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

/** Amounts are `bigint` in code and decimal strings on the wire. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? member.toString() : member));

export type { Ledger };
