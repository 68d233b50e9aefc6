import { asOfQuery, idsQuery, queryEndpoint, wholeQuery } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { DONORS_PAGE_MAX, readDonorBalances } from '../index.ts';
import { balanceFilters, onlyCommodity } from './filters.ts';

export const balancesByDonorEndpoint = queryEndpoint({
  path: '/v1/balances/donor',
  tag: 'funds',
  summary: 'Số dư theo nhà tài trợ / Balances by donor',
  query: z.strictObject({
    ...asOfQuery,
    ...balanceFilters,
    donor: idsQuery,
    after: idSchema.optional(),
    limit: wholeQuery(DONORS_PAGE_MAX),
  }),
  read: (reads, { fund, commodity, donor, ...asked }) =>
    onlyCommodity(readDonorBalances(reads, { ...asked, funds: fund, donors: donor }), commodity),
});
