import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Module,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { RefusalTable } from '#kernel';
import type { Ledger } from '#platform';
import { type Endpoint, LEDGER, PROBLEMS, type Problems, READS, type Reads, problemsOf } from './endpoint.ts';
import { BODY_BYTES_MAX } from './limits.ts';
import { openApiOf } from './openapi.ts';

export interface ServerOptions {
  readonly endpoints: readonly Endpoint[];
  readonly refusals: RefusalTable;
  /** Absent in a process that only reads. */
  readonly ledger?: Ledger | undefined;
  /** Absent in a process that only writes. */
  readonly reads?: Reads | undefined;
  /** Further controllers: health, metrics, pages. */
  readonly controllers?: readonly Type[];
  readonly providers?: readonly { readonly provide: symbol; readonly useValue: unknown }[];
  readonly version: string;
  /** What went wrong inside, for the operator's log. Never holds a body. */
  readonly onFault: (error: unknown) => void;
}

/** What Nest and Fastify refuse before an endpoint runs, by the status they would give it. */
const CODES: Readonly<Record<number, string>> = {
  400: 'BODY_NOT_JSON',
  404: 'ROUTE_UNKNOWN',
  413: 'BODY_TOO_LARGE',
  415: 'CONTENT_TYPE_UNSUPPORTED',
};

const codeOf = (error: unknown): string =>
  (error instanceof HttpException ? CODES[error.getStatus()] : undefined) ??
  (error instanceof SyntaxError ? 'BODY_NOT_JSON' : 'INTERNAL');

/** Every error that gets this far becomes a problem detail; nothing of it leaks but its code. */
function filterOf(problems: Problems, onFault: (error: unknown) => void): ExceptionFilter {
  class ProblemFilter implements ExceptionFilter {
    catch(error: unknown, host: ArgumentsHost): void {
      const code = codeOf(error);
      if (code === 'INTERNAL') onFault(error);
      const reply = host.switchToHttp().getResponse<FastifyReply>();
      if (!reply.sent) problems.send(reply, { code, details: {} });
    }
  }
  Catch()(ProblemFilter);
  return new ProblemFilter();
}

/** No script but our own, no framing, no guessing of types. */
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
} as const;

/** Builds the HTTP side of a process; it listens when `listen` is called. */
export async function createServer(options: ServerOptions): Promise<NestFastifyApplication> {
  const { endpoints, controllers = [], providers = [], refusals, ledger, reads, version, onFault } = options;
  const problems = problemsOf(refusals);
  class ServerModule {}
  Module({
    controllers: [...endpoints, ...controllers],
    providers: [
      { provide: LEDGER, useValue: ledger },
      { provide: READS, useValue: reads },
      { provide: PROBLEMS, useValue: problems },
      ...providers,
    ],
  })(ServerModule);
  const adapter = new FastifyAdapter({ bodyLimit: BODY_BYTES_MAX, forceCloseConnections: 'idle' });
  const app = await NestFactory.create<NestFastifyApplication>(ServerModule, adapter, {
    logger: ['error', 'fatal'],
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  setParsers(fastify);
  const headers = Object.entries(SECURITY_HEADERS);
  fastify.addHook('onRequest', (_request, reply, done) => {
    for (const [name, value] of headers) void reply.header(name, value);
    done();
  });
  app.useGlobalFilters(filterOf(problems, onFault));
  SwaggerModule.setup(
    'docs',
    app,
    openApiOf(
      endpoints.map(({ spec }) => spec),
      version,
    ),
    { jsonDocumentUrl: 'openapi.json', customSiteTitle: 'Lá Lành API' },
  );
  await app.init();
  await fastify.ready();
  return app;
}

/** JSON and NDJSON, nothing else: what has another type is refused before it is read. */
function setParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(body as string));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addContentTypeParser(
    'application/x-ndjson',
    { bodyLimit: BULK_BYTES_MAX },
    (_request, payload, done) => done(null, payload),
  );
}

/** Bytes of one bulk request; it is streamed, so memory does not grow with it. */
const BULK_BYTES_MAX = 4 * 1024 ** 3;
