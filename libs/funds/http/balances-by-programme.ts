import { asOfQuery, idsQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readProgrammeBalances } from '../index.ts';
import { balanceFilters, onlyCommodity } from './filters.ts';

export const balancesByProgrammeEndpoint = queryEndpoint({
  path: '/v1/balances/programme',
  tag: 'funds',
  summary: 'Số dư theo chương trình / Balances by programme',
  query: z.strictObject({ ...asOfQuery, ...balanceFilters, programme: idsQuery }),
  read: (reads, { fund, commodity, programme, ...asked }) =>
    onlyCommodity(readProgrammeBalances(reads, { ...asked, funds: fund, keys: programme }), commodity),
});
