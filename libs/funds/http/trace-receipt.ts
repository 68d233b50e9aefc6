import { asOfQuery, queryEndpoint } from '#http';
import { uuidSchema } from '#platform';
import { z } from 'zod';
import { readGiftTrace } from '../index.ts';

export const traceReceiptEndpoint = queryEndpoint({
  path: '/v1/receipts/{receipt}/trace',
  tag: 'funds',
  summary: 'Món quà đã thành gì / What became of a gift',
  query: z.strictObject({ ...asOfQuery, receipt: uuidSchema }),
  read: async (reads, asked) => {
    const found = await readGiftTrace(reads, asked);
    return found.gift === null ? null : found;
  },
});
