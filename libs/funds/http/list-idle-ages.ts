import { asOfQuery, idsQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readIdleAges } from '../index.ts';
import { poolSchema } from '../application/shared.ts';
import { onQuery, today } from './filters.ts';

export const listIdleAgesEndpoint = queryEndpoint({
  path: '/v1/ages/idle',
  tag: 'funds',
  summary: 'Tiền, hàng chưa dùng theo tuổi / Idle money and goods by age',
  query: z.strictObject({
    ...asOfQuery,
    ...onQuery,
    fund: idsQuery,
    pool: poolSchema.optional().meta({ description: 'Its lots are listed one by one' }),
    after: z
      .string()
      .regex(/^\d{1,30}$/, 'NUMBER_INVALID')
      .transform(BigInt)
      .optional()
      .meta({ description: 'Lots from this unit on: the `next` of the page before' }),
  }),
  read: (reads, { fund, on = today(), ...asked }) => readIdleAges(reads, { ...asked, on, funds: fund }),
});
