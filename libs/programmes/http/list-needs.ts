import { asOfQuery, queryEndpoint } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { readNeeds } from '../index.ts';

export const listNeedsEndpoint = queryEndpoint({
  path: '/v1/needs',
  tag: 'programmes',
  summary: 'Nhu cầu / Needs',
  query: z.strictObject({
    ...asOfQuery,
    status: z.enum(['open', 'verified', 'met', 'closed']).optional(),
    place: idSchema.optional(),
  }),
  read: readNeeds,
});
