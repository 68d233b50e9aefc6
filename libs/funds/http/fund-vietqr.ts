import { asOfQuery, queryEndpoint } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { readFundQr, renderQr } from '../index.ts';
import { qrQuery } from './filters.ts';

export const fundVietQrEndpoint = queryEndpoint({
  path: '/v1/funds/{fund}/vietqr',
  tag: 'funds',
  summary: 'Mã VietQR của quỹ / VietQR code of a fund',
  query: z.strictObject({ ...asOfQuery, ...qrQuery, fund: idSchema }),
  read: async (reads, { format, ...asked }) => {
    const found = await readFundQr(reads, asked);
    return found === null || 'refusal' in found ? found : renderQr(found, format);
  },
});
