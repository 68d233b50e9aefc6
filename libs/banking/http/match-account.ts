import { Get } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { everything } from '#access';
import {
  AT_LEAST_MS_MAX,
  type Endpoint,
  type EndpointSpec,
  PROBLEMS,
  type Problems,
  type Reads,
  type Route,
  actorOf,
  decorate,
  toJson,
} from '#http';
import { type Result, isId, refuse } from '#kernel';
import { type CommandRefusal, type Ledger, daySchema, fieldErrors, fieldsRefusal, idSchema } from '#platform';
import type { Vault } from '#privacy';
import { z } from 'zod';
import { HOLD_MAX, RULES, type RuleId, candidatesOf, holdLines, matchAccount } from '../index.ts';
import { acceptReconciliationRoute } from './accept-reconciliation.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** The rules that `?rules=` names; the surest when it is absent. */
function rulesIn(query: unknown): readonly RuleId[] | undefined {
  const { rules } = query as { rules?: string };
  return rules === undefined ? undefined : RULES.filter((rule) => rules.split(',').includes(rule));
}

/** What a route on one account is told of who asks what. */
interface Asked {
  readonly account: string;
  readonly actor: string;
  readonly dryRun: boolean;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * A route that works through an account and reports: who asks is named, a refusal is a problem. It waits for the read
 * models to stand at the head of the log, so that a file imported a moment ago is seen whole.
 */
const accountRoute = (
  reads: Reads,
  path: string,
  summary: string,
  work: (ledger: Ledger, asked: Asked) => Promise<Result<unknown, CommandRefusal>>,
): Route => ({
  spec: { method: 'POST', path, tag: 'banking', summary },
  route:
    ({ ledger, problems, onFault }) =>
    (request, reply) => {
      const { account } = request.params as { account: string };
      const given = request.headers['lalanh-actor'];
      if (given === undefined || given === '')
        return problems.send(reply, { code: 'ACTOR_MISSING', details: {} });
      if (!isId(account)) return problems.send(reply, { code: 'ID_INVALID', details: { id: account } });
      const dryRun = (request.query as { dryRun?: string }).dryRun === 'true';
      const { query, body } = request;
      const run = async (): Promise<Result<unknown, CommandRefusal>> => {
        const head = await reads.log.head();
        if (!(await reads.models.waitFor(head, AT_LEAST_MS_MAX)))
          return refuse('READ_BEHIND', { atLeast: String(head) });
        return work(ledger, { account, actor: actorOf(request), dryRun, query, body });
      };
      run().then(
        (report) =>
          report.ok
            ? void reply.code(200).header('content-type', JSON_TYPE).send(toJson(report.value))
            : problems.send(reply, report.error),
        (error: unknown) => {
          if (areModelsAbsent(error)) return problems.send(reply, NO_MODELS);
          onFault(error);
          problems.send(reply, { code: 'INTERNAL', details: {} });
        },
      );
    },
});

/** What databases say of tables, a schema or a file that no projector has made yet. */
const ABSENT: ReadonlySet<unknown> = new Set(['42P01', '3F000', 'ERR_SQLITE_ERROR']);
const NO_MODELS = { code: 'LEDGER_UNAVAILABLE', details: { reason: 'READ_MODELS' } } as const;

const areModelsAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ABSENT.has(error.code);

/** Matches an account by rules; `dryRun=true` only says what would be matched. */
const matchRoute = (reads: Reads, vault: Vault): Route =>
  accountRoute(
    reads,
    '/v1/bank/accounts/{account}/match',
    'Khớp theo quy tắc / Match by rules',
    (ledger, { account, actor, dryRun, query }) =>
      matchAccount(
        { context: reads, log: reads.log, ledger, vault },
        { scope: everything(actor), account, actor, rules: rulesIn(query), dryRun },
      ),
  );

const holdSchema = z.strictObject({
  lines: z.array(z.string().max(40)).min(1).max(HOLD_MAX).optional(),
  fund: idSchema.optional(),
  bookAccount: idSchema.optional(),
  effectiveOn: daySchema.optional(),
});

/** Books money in that nobody knows into the holding account: the lines named, or every open one. */
const holdRoute = (reads: Reads, vault: Vault): Route =>
  accountRoute(
    reads,
    '/v1/bank/accounts/{account}/hold',
    'Ghi tiền vào chưa rõ vào tài khoản tạm giữ / Hold money in that nobody knows',
    async (ledger, { account, actor, dryRun, body }) => {
      const asked = holdSchema.safeParse(body ?? {});
      if (!asked.success) return { ok: false, error: fieldsRefusal(fieldErrors(asked.error.issues)) };
      return holdLines(
        { context: reads, log: reads.log, ledger, vault },
        { scope: everything(actor), account, actor, dryRun, ...asked.data },
      );
    },
  );

/** What an open line could be, the likeliest first. */
function candidatesEndpoint(reads: Reads, vault: Vault): Endpoint {
  const path = '/v1/bank/accounts/{account}/lines/{line}/candidates';
  class CandidatesEndpoint {
    static readonly spec: EndpointSpec = {
      method: 'GET',
      path,
      tag: 'banking',
      summary: 'Các bút toán có thể khớp / What an open line could be',
    };
    readonly problems: Problems;
    constructor(problems: Problems) {
      this.problems = problems;
    }
    async run(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const { account, line } = request.params as { account: string; line: string };
      const scope = everything(actorOf(request));
      const found = await candidatesOf({ context: reads, log: reads.log, vault }, { scope, account, line });
      if (!found) return this.problems.send(reply, { code: 'RECORD_UNKNOWN', details: {} });
      void reply.header('content-type', JSON_TYPE).header('cache-control', 'no-store').send(toJson(found));
    }
  }
  decorate(CandidatesEndpoint, `GET ${path}`, path, Get, [PROBLEMS]);
  return CandidatesEndpoint;
}

/** What needs the ledger, the read models and the vault's texts: served where one process has all of them. */
export const matchEndpoints = (reads: Reads, vault: Vault): readonly Endpoint[] => [
  matchRoute(reads, vault),
  holdRoute(reads, vault),
  acceptReconciliationRoute(reads),
  candidatesEndpoint(reads, vault),
];
