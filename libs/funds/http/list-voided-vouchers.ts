import { asOfQuery, idsQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readVoidedVouchers } from '../index.ts';

export const listVoidedVouchersEndpoint = queryEndpoint({
  path: '/v1/vouchers/voided',
  tag: 'funds',
  summary: 'Chứng từ đã huỷ / Voided vouchers',
  query: z.strictObject({ ...asOfQuery, fund: idsQuery }),
  read: (reads, { fund, ...asked }) => readVoidedVouchers(reads, { ...asked, funds: fund }),
});
