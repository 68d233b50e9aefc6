import { asOfQuery, queryEndpoint } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { qrImage, readFundQr, withSvg } from '../index.ts';
import { qrQuery } from './filters.ts';

export const fundVietQrEndpoint = queryEndpoint({
  path: '/v1/funds/{fund}/vietqr',
  tag: 'funds',
  summary: 'Mã VietQR của quỹ / VietQR code of a fund',
  query: z.strictObject({ ...asOfQuery, ...qrQuery, fund: idSchema }),
  read: async (reads, asked) => withSvg(await readFundQr(reads, asked)),
  file: async (qr, { format }) => qrImage(qr, format),
});
