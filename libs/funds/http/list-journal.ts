import { asOfQuery, idsQuery, queryEndpoint, wholeQuery } from '#http';
import { daySchema } from '#platform';
import { z } from 'zod';
import { JOURNAL_PAGE_MAX, readJournal } from '../index.ts';
import { LIMIT_DEFAULT } from './filters.ts';

export const listJournalEndpoint = queryEndpoint({
  path: '/v1/journal',
  tag: 'funds',
  summary: 'Nhật ký chung / Journal',
  query: z.strictObject({
    ...asOfQuery,
    fund: idsQuery,
    account: z.string().max(400).optional(),
    effectiveFrom: daySchema.optional(),
    after: z
      .string()
      .regex(/^\d{1,15}(?:\.\d{1,9})?$/, 'NUMBER_INVALID')
      .optional(),
    limit: wholeQuery(JOURNAL_PAGE_MAX),
  }),
  read: (reads, { fund, limit = LIMIT_DEFAULT, ...asked }) =>
    readJournal(reads, { ...asked, limit, funds: fund }),
});
