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
import {
  type Endpoint,
  PROBLEMS,
  type Problems,
  READS,
  type Reads,
  isRoute,
  problemsOf,
  routeOf,
} from './endpoint.ts';
import { BODY_BYTES_MAX, SECURITY_HEADERS } from './limits.ts';
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

/** Builds the HTTP side of a process; it listens when `listen` is called. */
export async function createServer(options: ServerOptions): Promise<NestFastifyApplication> {
  const { endpoints, controllers = [], providers = [], refusals, ledger, reads, version, onFault } = options;
  const problems = problemsOf(refusals);
  class ServerModule {}
  Module({
    controllers: [...endpoints.flatMap((endpoint) => (isRoute(endpoint) ? [] : [endpoint])), ...controllers],
    providers: [{ provide: READS, useValue: reads }, { provide: PROBLEMS, useValue: problems }, ...providers],
  })(ServerModule);
  const adapter = new FastifyAdapter({ bodyLimit: BODY_BYTES_MAX, forceCloseConnections: 'idle' });
  const app = await NestFactory.create<NestFastifyApplication>(ServerModule, adapter, {
    logger: ['error', 'fatal'],
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  setParsers(fastify);
  // What writes to the connection itself (`hijack`) brings them along; this hook never runs for it.
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    void reply.headers(SECURITY_HEADERS);
    done(null, payload);
  });
  if (ledger)
    for (const { spec, accepts, route } of endpoints.filter(isRoute)) {
      const run = route({ ledger, problems, onFault });
      if (!accepts) fastify.post(routeOf(spec.path), run);
      // In a context of its own: no other route takes bytes.
      else
        void fastify.register(async (scope) => {
          scope.removeAllContentTypeParsers();
          const { types, bytesMax: bodyLimit } = accepts;
          scope.addContentTypeParser([...types], { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
            done(null, body),
          );
          scope.post(routeOf(spec.path), { bodyLimit }, run);
        });
    }
  app.useGlobalFilters(filterOf(problems, onFault));
  SwaggerModule.setup(
    'docs',
    app,
    // Built when somebody asks for it: a start does without.
    () =>
      openApiOf(
        endpoints.map(({ spec }) => spec).filter(({ internal }) => internal !== true),
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
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse((body as Buffer).toString());
    } catch (error) {
      return done(error as Error);
    }
    done(null, parsed);
  });
  fastify.addContentTypeParser(
    'application/x-ndjson',
    { bodyLimit: BULK_BYTES_MAX },
    (_request, payload, done) => done(null, payload),
  );
}

/** Bytes of one bulk request; it is streamed, so memory does not grow with it. */
const BULK_BYTES_MAX = 4 * 1024 ** 3;
