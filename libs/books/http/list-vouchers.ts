import { asOfQuery, queryEndpoint, wholeQuery } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { VOUCHERS_MAX, readVouchers, voucherSchema } from '../index.ts';

export const yearQuery = z
  .string()
  .regex(/^\d{4}$/, 'YEAR_INVALID')
  .transform(Number);

export const listVouchersEndpoint = queryEndpoint({
  path: '/v1/vouchers/{fund}/{year}',
  tag: 'books',
  summary: 'Chứng từ của một sổ, kể cả đã huỷ / Vouchers of a book, voided ones too',
  query: z.strictObject({
    ...asOfQuery,
    fund: idSchema,
    year: yearQuery,
    kind: z.enum(['receipt', 'payment', 'adjustment']).optional(),
    after: voucherSchema.optional(),
    limit: wholeQuery(VOUCHERS_MAX),
  }),
  read: (reads, asked) => readVouchers(reads, asked),
});
