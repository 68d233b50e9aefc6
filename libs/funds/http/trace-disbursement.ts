import { asOfQuery, queryEndpoint } from '#http';
import { uuidSchema } from '#platform';
import { z } from 'zod';
import { readDisbursementTrace } from '../index.ts';

export const traceDisbursementEndpoint = queryEndpoint({
  path: '/v1/disbursements/{disbursement}/trace',
  tag: 'funds',
  summary: 'Tiền của ai / Whose gifts paid for it',
  query: z.strictObject({ ...asOfQuery, disbursement: uuidSchema }),
  read: readDisbursementTrace,
});
