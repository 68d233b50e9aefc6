import { asOfQuery, idsQuery, queryEndpoint, wholeQuery } from '#http';
import { daySchema, idSchema } from '#platform';
import { z } from 'zod';
import { DECISIONS_PAGE_MAX, readDecisions } from '../index.ts';
import { LIMIT_DEFAULT, today } from './filters.ts';

export const listDecisionsEndpoint = queryEndpoint({
  path: '/v1/decisions',
  tag: 'funds',
  summary: 'Các đề nghị chờ duyệt và đã xử lý / What is proposed for approval, and what became of it',
  query: z.strictObject({
    ...asOfQuery,
    fund: idsQuery,
    status: z.enum(['proposed', 'made', 'rejected', 'withdrawn', 'replaced']).optional(),
    by: idSchema.optional().meta({ description: 'Only what this person may still approve' }),
    on: daySchema
      .optional()
      .meta({ description: 'Day whose approval rules count beside those of the proposal; today' }),
    before: wholeQuery(Number.MAX_SAFE_INTEGER),
    limit: wholeQuery(DECISIONS_PAGE_MAX),
  }),
  read: (reads, { fund, limit = LIMIT_DEFAULT, on = today(), ...asked }) =>
    readDecisions(reads, { ...asked, on, limit, funds: fund }),
});
