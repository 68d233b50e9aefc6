import { eventId } from '#event-log';
import { asOfQuery, queryEndpoint } from '#http';
import { parseEnvelope, uuidSchema } from '#platform';
import { hashHex, leafHash } from '#transparency';
import { z } from 'zod';
import { readDecision } from '../index.ts';
import { today } from './filters.ts';

export const showDecisionEndpoint = queryEndpoint({
  path: '/v1/decisions/{decision}',
  tag: 'funds',
  summary:
    'Một đề nghị, với nội dung và mã băm để duyệt / One proposal, with what it says and its hash to approve',
  query: z.strictObject({ ...asOfQuery, decision: uuidSchema }),
  read: async (reads, asked) => {
    const found = await readDecision(reads, { ...asked, on: today() });
    if (found.row === null) return null;
    // What an approver reads comes with the hash of those very bytes, so that they need not ask the maker for it.
    const proposed = await reads.log.find(eventId(asked.decision, 0));
    const proposal = proposed && {
      hash: hashHex(leafHash(proposed.envelope)),
      ...(parseEnvelope(proposed).data as object),
    };
    return { ...found, proposal: proposal ?? null };
  },
});
