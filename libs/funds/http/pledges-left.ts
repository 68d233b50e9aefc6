import { asOfQuery, queryEndpoint, wholeQuery } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { PLEDGES_PER_PAGE_MAX, readPledgesLeft } from '../index.ts';

export const pledgesLeftEndpoint = queryEndpoint({
  path: '/v1/mergers/pledges',
  tag: 'funds',
  summary:
    'Cam kết, đỡ đầu còn thuộc một quỹ, từng trang / Pledges and sponsorships still of a fund, page by page',
  query: z.strictObject({
    ...asOfQuery,
    fund: idSchema,
    after: idSchema.optional(),
    limit: wholeQuery(PLEDGES_PER_PAGE_MAX),
  }),
  read: (reads, { limit = PLEDGES_PER_PAGE_MAX, ...asked }) => readPledgesLeft(reads, { ...asked, limit }),
});
