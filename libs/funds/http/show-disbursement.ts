import { asOfQuery, queryEndpoint } from '#http';
import { uuidSchema } from '#platform';
import { z } from 'zod';
import { readDisbursement } from '../index.ts';

export const showDisbursementEndpoint = queryEndpoint({
  path: '/v1/disbursements/{disbursement}',
  tag: 'funds',
  summary: 'Một khoản chi / One disbursement',
  query: z.strictObject({ ...asOfQuery, disbursement: uuidSchema }),
  read: async (reads, asked) => {
    const found = await readDisbursement(reads, asked);
    return found.row === null ? null : found;
  },
});
