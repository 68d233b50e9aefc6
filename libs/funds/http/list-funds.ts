import { asOfQuery, idsQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readBooks } from '../index.ts';

export const listFundsEndpoint = queryEndpoint({
  path: '/v1/funds',
  tag: 'funds',
  summary: 'Quỹ và sổ / Funds and their books',
  query: z.strictObject({ ...asOfQuery, fund: idsQuery }),
  read: (reads, { fund, ...asked }) => readBooks(reads, { ...asked, funds: fund }),
});
