import { type Endpoint, asOfQuery, queryEndpoint } from '#http';
import { dayInVietnam } from '#kernel';
import { readPlaceTree } from '#places';
import { daySchema } from '#platform';
import { z } from 'zod';
import { readPlaceBalances } from '../index.ts';
import { balanceFilters, onlyCommodity } from './filters.ts';

const query = z.strictObject({
  ...asOfQuery,
  ...balanceFilters,
  on: daySchema
    .optional()
    .meta({ description: 'Units of this day; of effectiveThrough, or today, when absent' }),
});

/** Rolled up the place tree of a day; key null: in no single unit of that level. */
const byLevel = (level: 'province' | 'district' | 'commune', summary: string): Endpoint =>
  queryEndpoint({
    path: `/v1/balances/${level}`,
    tag: 'funds',
    summary,
    query,
    read: async (reads, { fund, commodity, on, ...asked }) => {
      const { tree } = await readPlaceTree(reads, asked);
      const day = on ?? asked.effectiveThrough ?? dayInVietnam(new Date().toISOString());
      const rollUp = { tree, level, on: day };
      return onlyCommodity(readPlaceBalances(reads, { ...asked, funds: fund, rollUp }), commodity);
    },
  });

export const provinceBalancesEndpoint = byLevel('province', 'Số dư theo tỉnh / Balances by province');
export const districtBalancesEndpoint = byLevel('district', 'Số dư theo huyện / Balances by district');
export const communeBalancesEndpoint = byLevel('commune', 'Số dư theo xã / Balances by commune');
