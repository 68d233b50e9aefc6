import { asOfQuery, queryEndpoint } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { qrImage, readPledgeQr, withSvg } from '../index.ts';
import { qrQuery } from './filters.ts';

export const pledgeVietQrEndpoint = queryEndpoint({
  path: '/v1/pledges/{pledge}/vietqr',
  tag: 'pledges',
  summary: 'Mã VietQR của cam kết / VietQR code of a pledge',
  query: z.strictObject({ ...asOfQuery, ...qrQuery, pledge: idSchema }),
  read: async (reads, asked) => withSvg(await readPledgeQr(reads, asked)),
  file: async (qr, { format }) => qrImage(qr, format),
});
