import { asOfQuery, idsQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readOpenItemAges } from '../index.ts';
import { onQuery, today } from './filters.ts';

export const listOpenItemAgesEndpoint = queryEndpoint({
  path: '/v1/ages/open-items',
  tag: 'funds',
  summary: 'Nợ, tạm ứng và các khoản đang mở theo tuổi / Debts, advances and open items by age',
  query: z.strictObject({ ...asOfQuery, ...onQuery, fund: idsQuery }),
  read: (reads, { fund, on = today(), ...asked }) => readOpenItemAges(reads, { ...asked, on, funds: fund }),
});
