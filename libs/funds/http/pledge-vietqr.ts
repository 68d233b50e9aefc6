import { asOfQuery, queryEndpoint } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { readPledgeQr, renderQr } from '../index.ts';
import { qrQuery } from './filters.ts';

export const pledgeVietQrEndpoint = queryEndpoint({
  path: '/v1/pledges/{pledge}/vietqr',
  tag: 'pledges',
  summary: 'Mã VietQR của cam kết / VietQR code of a pledge',
  query: z.strictObject({ ...asOfQuery, ...qrQuery, pledge: idSchema }),
  read: async (reads, { format, ...asked }) => {
    const found = await readPledgeQr(reads, asked);
    return found === null || 'refusal' in found ? found : renderQr(found, format);
  },
});
