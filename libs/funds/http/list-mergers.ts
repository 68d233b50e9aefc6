import { asOfQuery, idsQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readMergers } from '../index.ts';

export const listMergersEndpoint = queryEndpoint({
  path: '/v1/mergers',
  tag: 'funds',
  summary: 'Các lần sáp nhập quỹ / Mergers of funds',
  query: z.strictObject({ ...asOfQuery, fund: idsQuery }),
  read: (reads, { fund, ...asked }) => readMergers(reads, { ...asked, funds: fund }),
});
