import { asOfQuery, queryEndpoint } from '#http';
import { idSchema } from '#platform';
import { z } from 'zod';
import { readBankAccounts } from '../index.ts';

export const listBankAccountsEndpoint = queryEndpoint({
  path: '/v1/bank/accounts',
  tag: 'banking',
  summary: 'Tài khoản ngân hàng / Bank accounts',
  query: z.strictObject({ ...asOfQuery, account: idSchema.optional() }),
  read: readBankAccounts,
});
