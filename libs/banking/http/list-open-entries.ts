import { asOfQuery, queryEndpoint, wholeQuery } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { BANK_LINES_PAGE_MAX, readOpenEntries } from '../index.ts';

/** Entries of a page, when nobody says. */
const LIMIT_DEFAULT = 200;

export const listOpenEntriesEndpoint = queryEndpoint({
  path: '/v1/bank/accounts/{account}/entries',
  tag: 'banking',
  summary: 'Bút toán chưa khớp / Book entries that are open',
  query: z.strictObject({
    ...asOfQuery,
    account: idSchema,
    after: z.string().max(60).optional(),
    limit: wholeQuery(BANK_LINES_PAGE_MAX),
  }),
  read: (reads, { limit = LIMIT_DEFAULT, ...asked }) => readOpenEntries(reads, { ...asked, limit }),
});
