import { asOfQuery, idsQuery, queryEndpoint, wholeQuery } from '#http';
import { z } from 'zod';
import { DISBURSEMENTS_PAGE_MAX, readDisbursements } from '../index.ts';
import { LIMIT_DEFAULT } from './filters.ts';

export const listDisbursementsEndpoint = queryEndpoint({
  path: '/v1/disbursements',
  tag: 'funds',
  summary: 'Danh sách chi / Disbursements',
  query: z.strictObject({
    ...asOfQuery,
    fund: idsQuery,
    status: z.enum(['proposed', 'approved', 'rejected', 'cancelled', 'paid', 'delivered']).optional(),
    before: wholeQuery(Number.MAX_SAFE_INTEGER),
    limit: wholeQuery(DISBURSEMENTS_PAGE_MAX),
  }),
  read: (reads, { fund, limit = LIMIT_DEFAULT, ...asked }) =>
    readDisbursements(reads, { ...asked, limit, funds: fund }),
});
