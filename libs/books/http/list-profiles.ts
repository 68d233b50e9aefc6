import { asOfQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { profiles } from '../index.ts';

export const listProfilesEndpoint = queryEndpoint({
  path: '/v1/accounting-profiles',
  tag: 'books',
  summary: 'Chế độ kế toán: hệ thống tài khoản, quy tắc, tên sổ / Accounting profiles',
  query: z.strictObject({ ...asOfQuery }),
  read: async ({ log }, { effectiveThrough = null }) => {
    const position = await log.head();
    return { position, knownAt: position, effectiveThrough, rows: profiles };
  },
});
