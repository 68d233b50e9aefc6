import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import type { EndpointSpec } from './endpoint.ts';

const PROBLEM = { $ref: '#/components/responses/Problem' };
const textOf = { type: 'object', properties: { title: { type: 'string' }, next: { type: 'string' } } };

const jsonSchema = (schema: z.ZodType): Record<string, unknown> => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
};

const COMMAND_HEADERS = [
  {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'UUID; the same key and body give the same answer, for ever',
    schema: { type: 'string', format: 'uuid' },
  },
  {
    name: 'Lalanh-Actor',
    in: 'header',
    required: true,
    description: 'Opaque id of the acting person',
    schema: { type: 'string', examples: ['ke-toan'] },
  },
  {
    name: 'dryRun',
    in: 'query',
    description: 'Decides and answers what would be appended; leaves nothing',
    schema: { type: 'boolean' },
  },
];

function parametersOf({ path, query, handler }: EndpointSpec): unknown[] {
  const shape = query?.shape ?? {};
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const described = (name: string): Record<string, unknown> =>
    shape[name] ? jsonSchema(shape[name] as z.ZodType) : { type: 'string' };
  return [
    ...inPath.map((name) => ({ name, in: 'path', required: true, schema: described(name) })),
    ...Object.keys(shape)
      .filter((name) => !inPath.includes(name))
      .map((name) => {
        const { description, ...schema } = described(name);
        const required = !(shape[name] as z.ZodType).safeParse(undefined).success;
        return { name, in: 'query', required, ...(description !== undefined && { description }), schema };
      }),
    ...(handler ? COMMAND_HEADERS : []),
  ];
}

function operationOf(spec: EndpointSpec): Record<string, unknown> {
  const { tag, summary, handler, bulk, method } = spec;
  const body = handler
    ? { 'application/json': { schema: withoutPathFields(spec) } }
    : bulk
      ? { 'application/x-ndjson': { schema: { type: 'string' } } }
      : undefined;
  const done = handler ? '201' : '200';
  return {
    tags: [tag],
    summary,
    operationId: handler?.name ?? `${method.toLowerCase()}${spec.path.replace(/\W+/g, '-')}`,
    parameters: parametersOf(spec),
    ...(body && { requestBody: { required: true, content: body } }),
    responses: {
      [done]: { description: 'OK', content: { 'application/json': { schema: { type: 'object' } } } },
      default: PROBLEM,
    },
  };
}

/** Fields that the path already gives are not required in the body. */
function withoutPathFields({ handler, path }: EndpointSpec): unknown {
  const schema = handler ? jsonSchema(handler.schema) : {};
  const { required, ...rest } = schema as { required?: string[] };
  return { ...rest, required: (required ?? []).filter((name) => !path.includes(`{${name}}`)) };
}

/** The OpenAPI 3.1 document of these endpoints, out of the very schemas that judge the requests. */
export function openApiOf(specs: readonly EndpointSpec[], version: string): OpenAPIObject {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const spec of specs) (paths[spec.path] ??= {})[spec.method.toLowerCase()] = operationOf(spec);
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Lá Lành',
      version,
      description:
        'Sổ cái cho các quỹ giúp đỡ trẻ em. Số tiền là chuỗi thập phân theo đơn vị nhỏ nhất.\n\n' +
        'A ledger for funds that help children. Amounts are decimal strings in minor units.',
    },
    paths,
    components: {
      responses: {
        Problem: {
          description: 'RFC 9457',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      schemas: {
        Problem: {
          type: 'object',
          required: ['type', 'title', 'status', 'detail', 'code', 'vi', 'en'],
          properties: {
            type: { type: 'string' },
            title: { type: 'string' },
            status: { type: 'integer' },
            detail: { type: 'string' },
            code: { type: 'string' },
            vi: textOf,
            en: textOf,
            errors: { type: 'array', items: { type: 'object' } },
          },
        },
      },
    },
  };
  // Nest's type follows OpenAPI 3.0, whose schemas are narrower than JSON Schema 2020-12.
  return document as unknown as OpenAPIObject;
}
