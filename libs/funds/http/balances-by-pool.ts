import { asOfQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readPoolBalances } from '../index.ts';
import { balanceFilters, onlyCommodity } from './filters.ts';

export const balancesByPoolEndpoint = queryEndpoint({
  path: '/v1/balances/pool',
  tag: 'funds',
  summary: 'Số dư theo khoản / Balances by pool',
  query: z.strictObject({ ...asOfQuery, ...balanceFilters, pool: z.string().max(400).optional() }),
  read: (reads, { fund, commodity, pool, ...asked }) =>
    onlyCommodity(
      readPoolBalances(reads, { ...asked, funds: fund, keys: pool === undefined ? undefined : [pool] }),
      commodity,
    ),
});
