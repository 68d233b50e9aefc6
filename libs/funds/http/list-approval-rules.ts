import { asOfQuery, queryEndpoint } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { readApprovalRules } from '../index.ts';

export const listApprovalRulesEndpoint = queryEndpoint({
  path: '/v1/approval-rules',
  tag: 'funds',
  summary: 'Quy định duyệt của một quỹ / The approval rules of a fund',
  query: z.strictObject({ ...asOfQuery, fund: idSchema }),
  read: (reads, asked) => readApprovalRules(reads, asked),
});
