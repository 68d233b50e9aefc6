import type { EventLogReader } from '#event-log';
import { type Problems, type Route, actorOf, toJson } from '#http';
import { isId } from '#kernel';
import { FILE_BYTES_MAX, type Vault, VaultUnavailableError } from '#privacy';
import type { FastifyReply } from 'fastify';
import { importBankFile } from '../index.ts';

/** What a bank file comes as; its bytes tell what it is. */
const FILE_TYPES = [
  'application/octet-stream',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/xml',
  'text/csv',
] as const;

/** A refused file answers with the problem and, as `file`, the hash that its bytes are kept under. */
function sendRefused(
  reply: FastifyReply,
  problems: Problems,
  report: Awaited<ReturnType<typeof importBankFile>>,
): void {
  const { refusal, file, account } = report;
  if (!refusal) return;
  problems.send(reply, {
    ...refusal,
    details: { ...refusal.details, account, ...(file !== null && { file }) },
  });
}

/**
 * Imports a bank file: the body is its bytes. Stands beside the vault and the log, so in the process of a ledger.
 * The file is kept whatever becomes of it; a second time changes nothing, so it takes no idempotency key.
 */
export const importBankFileRoute = (vault: Vault, log: Pick<EventLogReader, 'readStream'>): Route => ({
  spec: {
    method: 'POST',
    path: '/v1/bank/accounts/{account}/files',
    tag: 'banking',
    summary: 'Nhập tệp sao kê / Import a bank file',
  },
  accepts: { types: FILE_TYPES, bytesMax: FILE_BYTES_MAX },
  route:
    ({ ledger, problems, onFault }) =>
    (request, reply) => {
      const { account } = request.params as { account: string };
      const given = request.headers['lalanh-actor'];
      if (given === undefined || given === '')
        return problems.send(reply, { code: 'ACTOR_MISSING', details: {} });
      if (!isId(account)) return problems.send(reply, { code: 'ID_INVALID', details: { id: account } });
      const bytes = request.body;
      if (!Buffer.isBuffer(bytes) || bytes.length === 0)
        return problems.send(reply, { code: 'FILE_EMPTY', details: {} });
      importBankFile({ ledger, vault, log }, { account, bytes, actor: actorOf(request) }).then(
        (report) =>
          report.refusal
            ? sendRefused(reply, problems, report)
            : void reply
                .code(201)
                .header('content-type', 'application/json; charset=utf-8')
                .send(toJson(report)),
        (error: unknown) => {
          if (error instanceof VaultUnavailableError)
            return problems.send(reply, { code: 'LEDGER_UNAVAILABLE', details: { reason: 'VAULT' } });
          onFault(error);
          problems.send(reply, { code: 'INTERNAL', details: {} });
        },
      );
    },
});
