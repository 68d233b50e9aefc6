import { asOfQuery, idsQuery, queryEndpoint } from '#http';
import { daySchema } from '#platform';
import { z } from 'zod';
import { readPledgeAgeing } from '../index.ts';

export const pledgeAgeingEndpoint = queryEndpoint({
  path: '/v1/pledges/ageing',
  tag: 'pledges',
  summary: 'Tuổi cam kết / Pledge ageing',
  query: z.strictObject({ ...asOfQuery, fund: idsQuery, on: daySchema }),
  read: (reads, { fund, ...asked }) => readPledgeAgeing(reads, { ...asked, funds: fund }),
});
