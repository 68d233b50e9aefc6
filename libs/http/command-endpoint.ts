import { Controller, type Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Result } from '#kernel';
import { type AnyHandler, type Command, type CommandRefusal, type Outcome, fieldsRefusal } from '#platform';
import { type Problems, type Route, routeOf } from './endpoint.ts';
import { SECURITY_HEADERS } from './limits.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * The route of one command: `POST path`. Parameters of the path that are fields of the body go into it;
 * `year` of a command without such a field must be the year of its effective day. zod validates in the
 * executor.
 */
export function commandEndpoint(handler: AnyHandler, path: string, tag: string, summary: string): Route {
  const fields = fieldsOf(handler);
  return {
    spec: { method: 'POST', path, tag, summary, handler },
    route:
      ({ ledger, problems, onFault }) =>
      (request, reply) => {
        const body = withPath(request.body, request.params as Readonly<Record<string, string>>, fields);
        if (!body.ok) return problems.send(reply, body.error);
        ledger.execute(commandOf(handler.name, body.value, request)).then(
          (outcome) => sendOutcome(outcome, reply, problems),
          (error: unknown) => {
            onFault(error);
            problems.send(reply, { code: 'INTERNAL', details: {} });
          },
        );
      },
  };
}

/** What Nest's decorators would write on a class; explicit, because this class is made per command. */
export function decorate(
  endpoint: { readonly prototype: object },
  name: string,
  path: string,
  method: typeof Get,
  tokens: readonly symbol[],
): void {
  Object.defineProperty(endpoint, 'name', { value: name });
  for (const [index, token] of tokens.entries()) Inject(token)(endpoint, undefined, index);
  const run = Object.getOwnPropertyDescriptor(endpoint.prototype, 'run');
  if (!run) throw new Error(`${name} has no run`);
  method(routeOf(path))(endpoint.prototype, 'run', run);
  Req()(endpoint.prototype, 'run', 0);
  Res()(endpoint.prototype, 'run', 1);
  Controller()(endpoint as never);
}

const header = (request: FastifyRequest, name: string): string => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
};

/** The command that a request carries. */
export const commandOf = (handler: string, body: unknown, request: FastifyRequest): Command => ({
  handler,
  body,
  key: header(request, 'idempotency-key').toLowerCase(),
  actor: header(request, 'lalanh-actor'),
  correlationId: header(request, 'lalanh-correlation') || undefined,
  dryRun: (request.query as { dryRun?: string }).dryRun === 'true',
});

const ANSWER_HEADERS = ['content-type', JSON_TYPE, ...Object.entries(SECURITY_HEADERS).flat()];

/** Writes an answer straight to the connection: Fastify's reply costs more than the answer. */
export function sendOutcome(outcome: Outcome, reply: FastifyReply, problems: Problems): void {
  if (!outcome.ok) return problems.send(reply, outcome.error);
  const { wouldAppend, duplicate } = outcome.value;
  const text = JSON.stringify(outcome.value);
  const headers = [...ANSWER_HEADERS, 'content-length', String(Buffer.byteLength(text))];
  if (duplicate) headers.push('idempotent-replayed', 'true');
  reply.hijack();
  reply.raw.writeHead(wouldAppend ? 200 : 201, headers);
  reply.raw.end(text);
}

const differs = (pointer: string): Result<never, CommandRefusal> => ({
  ok: false,
  error: fieldsRefusal([{ code: 'FIELD_DIFFERS_FROM_PATH', pointer }]),
});

type Fields = ReadonlyMap<string, 'number' | 'text'>;

/** Top-level fields of a command's body. */
function fieldsOf(handler: AnyHandler): Fields {
  const shape = 'shape' in handler.schema ? (handler.schema.shape as Record<string, { type?: string }>) : {};
  return new Map(
    Object.entries(shape).map(([name, { type }]) => [name, type === 'number' ? 'number' : 'text']),
  );
}

function withPath(
  body: unknown,
  params: Readonly<Record<string, string>>,
  fields: Fields,
): Result<unknown, CommandRefusal> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { ok: true, value: body };
  let merged = body as Readonly<Record<string, unknown>>;
  for (const name in params) {
    const text = params[name] ?? '';
    if (!fields.has(name)) {
      const { effectiveOn } = merged;
      if (name === 'year' && typeof effectiveOn === 'string' && effectiveOn.slice(0, 4) !== text)
        return differs('/effectiveOn');
      continue;
    }
    const value = fields.get(name) === 'number' ? Number(text) : text;
    if (merged[name] === undefined) merged = { ...merged, [name]: value };
    else if (merged[name] !== value) return differs(`/${name}`);
  }
  return { ok: true, value: merged };
}
