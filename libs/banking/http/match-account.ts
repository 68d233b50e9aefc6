import { Get } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { everything } from '#access';
import {
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
import type { Vault } from '#privacy';
import { type MatchReport, RULES, type RuleId, candidatesOf, matchAccount } from '../index.ts';

/** How long matching waits for the read models to reach the head of the log. */
const WAIT_MS = 10_000;

const JSON_TYPE = 'application/json; charset=utf-8';

/** The rules that `?rules=` names; the surest when it is absent. */
function rulesIn(query: unknown): readonly RuleId[] | undefined {
  const { rules } = query as { rules?: string };
  return rules === undefined ? undefined : RULES.filter((rule) => rules.split(',').includes(rule));
}

/** Matches an account by rules; `dryRun=true` only says what would be matched. */
const matchRoute = (reads: Reads, vault: Vault): Route => ({
  spec: {
    method: 'POST',
    path: '/v1/bank/accounts/{account}/match',
    tag: 'banking',
    summary: 'Khớp theo quy tắc / Match by rules',
  },
  route:
    ({ ledger, problems, onFault }) =>
    (request, reply) => {
      const { account } = request.params as { account: string };
      const given = request.headers['lalanh-actor'];
      if (given === undefined || given === '')
        return problems.send(reply, { code: 'ACTOR_MISSING', details: {} });
      if (!isId(account)) return problems.send(reply, { code: 'ID_INVALID', details: { id: account } });
      const actor = actorOf(request);
      const dryRun = (request.query as { dryRun?: string }).dryRun === 'true';
      const match = async (): Promise<Result<MatchReport>> => {
        // A file imported a moment ago is matched whole: its lines and the entries of its days are read first.
        const head = await reads.log.head();
        if (!(await reads.models.waitFor(head, WAIT_MS)))
          return refuse('READ_BEHIND', { atLeast: String(head) });
        return matchAccount(
          { context: reads, log: reads.log, ledger, vault },
          { scope: everything(actor), account, actor, rules: rulesIn(request.query), dryRun },
        );
      };
      match().then(
        (report) =>
          report.ok
            ? void reply.code(200).header('content-type', JSON_TYPE).send(toJson(report.value))
            : problems.send(reply, report.error),
        (error: unknown) => {
          onFault(error);
          problems.send(reply, { code: 'INTERNAL', details: {} });
        },
      );
    },
});

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

/** Both need the read models and the vault's texts, so they are served where one process has both. */
export const matchEndpoints = (reads: Reads, vault: Vault): readonly Endpoint[] => [
  matchRoute(reads, vault),
  candidatesEndpoint(reads, vault),
];
