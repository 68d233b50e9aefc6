import { type Route, commandOf, sendOutcome } from '#http';
import { isId } from '#kernel';
import { FILE_BYTES_MAX, type Vault, VaultUnavailableError } from '#privacy';
import { handlers, voucherFileFormat } from '../index.ts';

/** What a signed file comes as; its bytes tell what it is. */
const FILE_TYPES = [
  'application/octet-stream',
  'application/pdf',
  'application/pkcs7-mime',
  'application/pkcs7-signature',
] as const;

/**
 * Keeps a signed file in the vault and puts it to the voucher, in one go: the body is its bytes. Stands beside the
 * vault, so in the process of a ledger. A file that is no signature and no PDF is refused before it is kept.
 */
export const uploadVoucherFileRoute = (vault: Vault): Route => ({
  spec: {
    method: 'POST',
    path: '/v1/vouchers/{fund}/{year}/{voucher}/signed-files',
    tag: 'books',
    summary: 'Gửi tệp đã ký của chứng từ (.p7s, .pdf) / Send a signed file of a voucher',
  },
  accepts: { types: FILE_TYPES, bytesMax: FILE_BYTES_MAX },
  route:
    ({ ledger, problems, onFault }) =>
    (request, reply) => {
      const actor = request.headers['lalanh-actor'];
      if (typeof actor !== 'string' || actor === '')
        return problems.send(reply, { code: 'ACTOR_MISSING', details: {} });
      if (!isId(actor)) return problems.send(reply, { code: 'ACTOR_INVALID', details: {} });
      const bytes = request.body;
      if (!Buffer.isBuffer(bytes) || bytes.length === 0)
        return problems.send(reply, { code: 'FILE_EMPTY', details: {} });
      const format = voucherFileFormat(bytes);
      if (format === undefined) return problems.send(reply, { code: 'VOUCHER_FILE_KIND', details: {} });
      const { fund, year, voucher } = request.params as { fund: string; year: string; voucher: string };
      vault
        .putFile(bytes)
        .then((file) => ({ fund, year: Number(year), voucher, file, format, bytes: bytes.length }))
        .then((body) => ledger.execute(commandOf(handlers.attachVoucherFile.name, body, request)))
        .then(
          (outcome) => sendOutcome(outcome, reply, problems),
          (error: unknown) => {
            if (error instanceof VaultUnavailableError)
              return problems.send(reply, { code: 'LEDGER_UNAVAILABLE', details: { reason: 'VAULT' } });
            onFault(error);
            problems.send(reply, { code: 'INTERNAL', details: {} });
          },
        );
    },
});
