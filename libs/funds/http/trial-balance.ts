import { asOfQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readTrialBalance } from '../index.ts';
import { balanceFilters, onlyCommodity } from './filters.ts';

export const trialBalanceEndpoint = queryEndpoint({
  path: '/v1/trial-balance',
  tag: 'funds',
  summary: 'Bảng cân đối phát sinh / Trial balance',
  query: z.strictObject({ ...asOfQuery, ...balanceFilters }),
  read: (reads, { fund, commodity, ...asked }) =>
    onlyCommodity(readTrialBalance(reads, { ...asked, funds: fund }), commodity),
});
