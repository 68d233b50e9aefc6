import { asOfQuery, queryEndpoint } from '#http';
import { parseEnvelope, uuidSchema } from '#platform';
import { hashHex, leafHash } from '#transparency';
import { z } from 'zod';
import { readDisbursement } from '../index.ts';
import { today } from './filters.ts';

export const showDisbursementEndpoint = queryEndpoint({
  path: '/v1/disbursements/{disbursement}',
  tag: 'funds',
  summary:
    'Một khoản chi, với đề nghị và mã băm để duyệt / One disbursement, with the proposal and its hash to approve',
  query: z.strictObject({ ...asOfQuery, disbursement: uuidSchema }),
  read: async (reads, asked) => {
    const found = await readDisbursement(reads, { ...asked, on: today() });
    if (found.row === null) return null;
    // What an approver reads comes with the hash of those very bytes, so that they need not ask the maker for it.
    const worded = found.row.steps.findLast(({ step }) => step === 'proposed' || step === 'changed');
    const at = (worded?.position ?? 0) - 1;
    const [proposed] = (await reads.log.readAll({ after: at, limit: 1 })).events;
    const proposal = proposed && {
      hash: hashHex(leafHash(proposed.envelope)),
      ...(parseEnvelope(proposed).data as object),
    };
    return { ...found, proposal: proposal ?? null };
  },
});
