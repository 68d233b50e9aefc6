import { asOfQuery, queryEndpoint } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { readBooks } from '../index.ts';

export const listBooksEndpoint = queryEndpoint({
  path: '/v1/funds/{fund}/books',
  tag: 'funds',
  summary:
    'Các sổ của một quỹ, các lần khoá và người khoá / Books of a fund, their locks and closings, by whom',
  query: z.strictObject({ ...asOfQuery, fund: idSchema }),
  read: async (reads, { fund, ...asked }) => {
    const found = await readBooks(reads, { ...asked, funds: [fund] });
    return found.rows.length === 0 ? null : found;
  },
});
