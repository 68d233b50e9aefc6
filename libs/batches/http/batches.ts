import { Get } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventLogReader } from '#event-log';
import { type Endpoint, PROBLEMS, type Problems, type Route, actorOf, decorate, toJson } from '#http';
import type { RefusalTable } from '#kernel';
import { fieldErrors, fieldsRefusal } from '#platform';
import { FILE_BYTES_MAX, type Vault, VaultUnavailableError } from '#privacy';
import { z } from 'zod';
import {
  BATCHES_MAX,
  type BatchReport,
  type Kind,
  declaredTotals,
  explain,
  kinds,
  readBatch,
  readBatches,
  runBatch,
} from '../index.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** What rows come as; their first bytes tell what they are. */
const ROW_TYPES = [
  'application/octet-stream',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/x-ndjson',
  'text/csv',
] as const;

const flag = z
  .enum(['true', 'false'])
  .optional()
  .transform((value) => value === 'true');

/** Commodities whose totals are declared at once. */
const TOTALS_MAX = 50;

const querySchema = z.strictObject({
  count: z
    .string()
    .regex(/^\d{1,7}$/, 'NUMBER_INVALID')
    .transform(Number)
    .optional(),
  total: z
    .union([z.string(), z.array(z.string()).max(TOTALS_MAX)])
    .optional()
    .transform((value) => (value === undefined ? [] : [value].flat())),
  goOn: flag,
  allOrNothing: flag,
  dryRun: flag,
});

/** A report with the texts of its refusals, as a screen shows them. */
const shown = (report: BatchReport, kind: Kind, refusals: RefusalTable): object => ({
  ...report,
  rows: report.rows.map((row) => ({
    ...row,
    refusal: row.refusal && { ...row.refusal, ...explain(row.refusal, kind, refusals) },
  })),
});

/**
 * Enters a batch: the body is its rows as CSV, XLSX or NDJSON, the query declares its totals (`count=120&
 * total=251473000&total=EUR=1200,50`). It takes no idempotency key: its rows have their own.
 */
const enterRoute = (
  { vault, log }: { readonly vault: Vault; readonly log: Pick<EventLogReader, 'readStream'> },
  refusals: RefusalTable,
): Route => ({
  spec: {
    method: 'POST',
    path: '/v1/batches/{kind}',
    tag: 'batches',
    summary: 'Nhập một lô có số kiểm tra / Enter a batch with control totals',
  },
  accepts: { types: ROW_TYPES, bytesMax: FILE_BYTES_MAX },
  route:
    ({ ledger, problems, onFault }) =>
    (request, reply) => {
      const given = request.headers['lalanh-actor'];
      if (given === undefined || given === '')
        return problems.send(reply, { code: 'ACTOR_MISSING', details: {} });
      const { kind: name } = request.params as { kind: string };
      const kind = kinds.find((one) => one.name === name);
      const known = kinds.map((one) => one.name).join(', ');
      if (!kind)
        return problems.send(reply, {
          code: 'BATCH_KIND_UNKNOWN',
          details: { kind: name.slice(0, 60), kinds: known },
        });
      const query = querySchema.safeParse(request.query);
      if (!query.success) return problems.send(reply, fieldsRefusal(fieldErrors(query.error.issues)));
      const { count = null, total, goOn, allOrNothing, dryRun } = query.data;
      const declared = declaredTotals(count, total);
      if (!declared.ok) return problems.send(reply, declared.error);
      const bytes = request.body;
      if (!Buffer.isBuffer(bytes) || bytes.length === 0)
        return problems.send(reply, { code: 'FILE_EMPTY', details: {} });
      const asked = { kind, bytes, actor: actorOf(request), declared: declared.value };
      runBatch({ ledger, vault, log }, { ...asked, goOn, allOrNothing, dryRun }).then(
        (report) =>
          report.ok
            ? void reply
                .code(200)
                .header('content-type', JSON_TYPE)
                .send(toJson(shown(report.value, kind, refusals)))
            : problems.send(reply, report.error),
        (error: unknown) => {
          if (error instanceof VaultUnavailableError)
            return problems.send(reply, { code: 'LEDGER_UNAVAILABLE', details: { reason: 'VAULT' } });
          onFault(error);
          problems.send(reply, { code: 'INTERNAL', details: {} });
        },
      );
    },
});

/** A reading endpoint; null: there is no such batch. */
function reading(
  path: string,
  summary: string,
  read: (request: FastifyRequest) => Promise<object | undefined>,
): Endpoint {
  class BatchEndpoint {
    readonly problems: Problems;
    constructor(problems: Problems) {
      this.problems = problems;
    }
    async run(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const found = await read(request);
      const { batch = '' } = request.params as { batch?: string };
      if (!found) return this.problems.send(reply, { code: 'BATCH_UNKNOWN', details: { batch } });
      void reply.header('content-type', JSON_TYPE).header('cache-control', 'no-store').send(toJson(found));
    }
  }
  decorate(BatchEndpoint, `GET ${path}`, path, Get, [PROBLEMS]);
  return Object.assign(BatchEndpoint, {
    spec: { method: 'GET' as const, path, tag: 'batches', summary },
  });
}

const whole = (text: unknown): number | undefined =>
  typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/** Batches need the ledger, the log and the vault, so they are served where a ledger is. */
export const batchEndpoints = (
  of: { readonly vault: Vault; readonly log: Pick<EventLogReader, 'readAll' | 'readStream'> },
  refusals: RefusalTable,
): readonly Endpoint[] => [
  enterRoute(of, refusals),
  reading('/v1/batches', 'Các lô đã nhập / Batches that were entered', ({ query }) => {
    const { before, limit } = query as { before?: string; limit?: string };
    return readBatches(of.log, { before: whole(before), limit: whole(limit) ?? BATCHES_MAX });
  }),
  reading('/v1/batches/{batch}', 'Kết quả từng dòng của một lô / What became of each row', ({ params }) => {
    const { batch } = params as { batch: string };
    return /^[0-9a-f]{32}$/.test(batch) ? readBatch(of, batch) : Promise.resolve(undefined);
  }),
];
