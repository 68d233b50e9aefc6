import { asOfQuery, idsQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readBeneficiaryBalances } from '../index.ts';
import { balanceFilters, onlyCommodity } from './filters.ts';

export const balancesByBeneficiaryEndpoint = queryEndpoint({
  path: '/v1/balances/beneficiary',
  tag: 'funds',
  summary: 'Số dư theo người hưởng / Balances by beneficiary',
  query: z.strictObject({ ...asOfQuery, ...balanceFilters, beneficiary: idsQuery }),
  read: (reads, { fund, commodity, beneficiary, ...asked }) =>
    onlyCommodity(readBeneficiaryBalances(reads, { ...asked, funds: fund, keys: beneficiary }), commodity),
});
