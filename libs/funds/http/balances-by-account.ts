import { asOfQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readAccountBalances } from '../index.ts';
import { balanceFilters, onlyCommodity } from './filters.ts';

export const balancesByAccountEndpoint = queryEndpoint({
  path: '/v1/balances/account',
  tag: 'funds',
  summary: 'Số dư quỹ tiền mặt, ngân hàng, kho / Balances of own accounts',
  query: z.strictObject({ ...asOfQuery, ...balanceFilters }),
  read: (reads, { fund, commodity, ...asked }) =>
    onlyCommodity(readAccountBalances(reads, { ...asked, funds: fund }), commodity),
});
