import { asOfQuery, idsQuery, queryEndpoint, wholeQuery } from '#http';
import { daySchema, idSchema } from '#platform';
import { z } from 'zod';
import { DISBURSEMENTS_PAGE_MAX, readDisbursements } from '../index.ts';
import { LIMIT_DEFAULT, today } from './filters.ts';

export const listDisbursementsEndpoint = queryEndpoint({
  path: '/v1/disbursements',
  tag: 'funds',
  summary: 'Danh sách chi / Disbursements',
  query: z.strictObject({
    ...asOfQuery,
    fund: idsQuery,
    status: z.enum(['proposed', 'approved', 'rejected', 'cancelled', 'paid', 'delivered']).optional(),
    by: idSchema.optional().meta({ description: 'Only what this person may still approve' }),
    on: daySchema
      .optional()
      .meta({ description: 'Day whose approval rules count beside those of the proposal; today' }),
    before: wholeQuery(Number.MAX_SAFE_INTEGER),
    limit: wholeQuery(DISBURSEMENTS_PAGE_MAX),
  }),
  read: (reads, { fund, limit = LIMIT_DEFAULT, on = today(), ...asked }) =>
    readDisbursements(reads, { ...asked, on, limit, funds: fund }),
});
