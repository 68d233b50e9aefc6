import { asOfQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readFundBalances } from '../index.ts';
import { balanceFilters, onlyCommodity } from './filters.ts';

export const balancesByFundEndpoint = queryEndpoint({
  path: '/v1/balances/fund',
  tag: 'funds',
  summary: 'Số dư theo quỹ / Balances by fund',
  query: z.strictObject({ ...asOfQuery, ...balanceFilters }),
  read: (reads, { fund, commodity, ...asked }) =>
    onlyCommodity(readFundBalances(reads, { ...asked, funds: fund }), commodity),
});
