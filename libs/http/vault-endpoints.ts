import { Get } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isId } from '#kernel';
import type { CommandRefusal } from '#platform';
import { FILE_BYTES_MAX, type Vault, VaultUnavailableError } from '#privacy';
import { decorate } from './command-endpoint.ts';
import { type Endpoint, PROBLEMS, type Problems, type Route } from './endpoint.ts';

/** What a scanned list or a photo comes as. */
const FILE_TYPES = ['application/octet-stream', 'application/pdf', 'image/jpeg', 'image/png'] as const;

/** Until sign-in exists a header names who asks; nobody reads or keeps personal things without a name. */
function actorRefusal(request: FastifyRequest): CommandRefusal | undefined {
  const actor = request.headers['lalanh-actor'];
  if (typeof actor !== 'string' || actor === '') return { code: 'ACTOR_MISSING', details: {} };
  return isId(actor) ? undefined : { code: 'ACTOR_INVALID', details: {} };
}

/** A vault that does not answer now is asked again, like the ledger; anything else is a fault of the program. */
const vaultRefusal = (error: unknown): CommandRefusal | undefined =>
  error instanceof VaultUnavailableError
    ? { code: 'LEDGER_UNAVAILABLE', details: { reason: 'VAULT' } }
    : undefined;

const fault = (error: unknown, onFault: (error: unknown) => void): CommandRefusal => {
  onFault(error);
  return { code: 'INTERNAL', details: {} };
};

/** Keeps one evidence file and answers the hash that a delivery names it by. The same bytes are kept once. */
const keepFile = (vault: Vault): Route => ({
  spec: {
    method: 'POST',
    path: '/v1/files',
    tag: 'vault',
    summary: 'Gửi tệp minh chứng / Keep an evidence file',
  },
  accepts: { types: FILE_TYPES, bytesMax: FILE_BYTES_MAX },
  route:
    ({ problems, onFault }) =>
    (request, reply) => {
      const refused = actorRefusal(request);
      if (refused) return problems.send(reply, refused);
      const bytes = request.body;
      if (!Buffer.isBuffer(bytes) || bytes.length === 0)
        return problems.send(reply, { code: 'FILE_EMPTY', details: {} });
      vault.putFile(bytes).then(
        (file) => reply.code(201).send({ file, bytes: bytes.length }),
        (error: unknown) => problems.send(reply, vaultRefusal(error) ?? fault(error, onFault)),
      );
    },
});

/** A reading endpoint over the vault: what the commitment or hash in the path stands for. */
function reading(
  path: string,
  summary: string,
  unknown: string,
  read: (name: string) => Promise<{ type: string; body: string | Uint8Array } | undefined>,
): Endpoint {
  class VaultEndpoint {
    readonly problems: Problems;
    constructor(problems: Problems) {
      this.problems = problems;
    }
    async run(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const refused = actorRefusal(request);
      if (refused) return this.problems.send(reply, refused);
      const { name } = request.params as { name: string };
      const found = await read(name).catch((error: unknown) => {
        const unavailable = vaultRefusal(error);
        if (!unavailable) throw error;
        return unavailable;
      });
      if (found !== undefined && 'code' in found) return this.problems.send(reply, found);
      if (!found) return this.problems.send(reply, { code: unknown, details: {} });
      void reply.header('content-type', found.type).header('cache-control', 'no-store').send(found.body);
    }
  }
  decorate(VaultEndpoint, `GET ${path}`, path, Get, [PROBLEMS]);
  return Object.assign(VaultEndpoint, { spec: { method: 'GET' as const, path, tag: 'vault', summary } });
}

/** What stands behind `libs/privacy`, for those who name themselves. Never cached, never logged. */
export const vaultEndpoints = (vault: Vault): readonly Endpoint[] => [
  keepFile(vault),
  reading('/v1/files/{name}', 'Tệp minh chứng / An evidence file', 'FILE_UNKNOWN', async (name) => {
    const body = await vault.getFile(name);
    return body && { type: 'application/octet-stream', body };
  }),
  reading('/v1/texts/{name}', 'Văn bản riêng / A personal text', 'TEXT_UNKNOWN', async (name) => {
    const text = await vault.get(name);
    return text === undefined
      ? undefined
      : { type: 'application/json; charset=utf-8', body: JSON.stringify({ text }) };
  }),
];
