import { asOfQuery, idsQuery, queryEndpoint, wholeQuery } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { GIFTS_PAGE_MAX, readGiftAges } from '../index.ts';
import { LIMIT_DEFAULT, onQuery, today } from './filters.ts';

export const listGiftAgesEndpoint = queryEndpoint({
  path: '/v1/ages/gifts',
  tag: 'funds',
  summary: 'Khoản tặng chưa dùng theo tuổi / Unspent gifts by age, the oldest first',
  query: z.strictObject({
    ...asOfQuery,
    ...onQuery,
    fund: idsQuery,
    donor: idSchema.optional(),
    after: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}\.[\w.-]{1,200}$/, 'NUMBER_INVALID')
      .optional(),
    limit: wholeQuery(GIFTS_PAGE_MAX),
  }),
  read: (reads, { fund, on = today(), limit = LIMIT_DEFAULT, ...asked }) =>
    readGiftAges(reads, { ...asked, on, limit, funds: fund }),
});
