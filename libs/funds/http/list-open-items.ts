import { asOfQuery, idsQuery, queryEndpoint, wholeQuery } from '#http';
import { z } from 'zod';
import { daySchema, idSchema } from '#platform';
import { OPEN_ITEMS_PAGE_MAX, OPEN_ITEM_KINDS, readOpenItems } from '../index.ts';
import { LIMIT_DEFAULT } from './filters.ts';

export const listOpenItemsEndpoint = queryEndpoint({
  path: '/v1/open-items',
  tag: 'funds',
  summary: 'Các khoản đang mở, cũ nhất trước / Open items, the oldest first',
  query: z.strictObject({
    ...asOfQuery,
    fund: idsQuery,
    kind: z.enum(OPEN_ITEM_KINDS).optional(),
    account: idSchema.optional().meta({ description: 'Own account, person or supplier' }),
    overdueOn: daySchema.optional().meta({ description: 'Only what was due before that day' }),
    after: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}\.[\w-]{1,64}$/, 'NUMBER_INVALID')
      .optional(),
    limit: wholeQuery(OPEN_ITEMS_PAGE_MAX),
  }),
  read: (reads, { fund, kind, limit = LIMIT_DEFAULT, ...asked }) =>
    readOpenItems(reads, { ...asked, limit, funds: fund, kinds: kind && [kind] }),
});
