import { asOfQuery, queryEndpoint, wholeQuery } from '#http';
import { daySchema, idSchema } from '#platform';
import { z } from 'zod';
import { BANK_LINES_PAGE_MAX, readBankLines } from '../index.ts';

/** Lines of a page, when nobody says. */
const LIMIT_DEFAULT = 200;

export const listBankLinesEndpoint = queryEndpoint({
  path: '/v1/bank/accounts/{account}/lines',
  tag: 'banking',
  summary: 'Dòng sao kê và việc khớp / Bank lines and their matches',
  query: z.strictObject({
    ...asOfQuery,
    account: idSchema,
    open: z.enum(['true', 'false']).optional(),
    from: daySchema.optional(),
    after: z.string().max(60).optional(),
    limit: wholeQuery(BANK_LINES_PAGE_MAX),
  }),
  read: (reads, { open, limit = LIMIT_DEFAULT, ...asked }) =>
    readBankLines(reads, { ...asked, limit, open: open === undefined ? undefined : open === 'true' }),
});
