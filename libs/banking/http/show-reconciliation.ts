import { asOfQuery, queryEndpoint } from '#http';
import { daySchema, idSchema } from '#platform';
import { z } from 'zod';
import { readReconciliation } from '../index.ts';

const { knownAt, atLeast } = asOfQuery;

export const showReconciliationEndpoint = queryEndpoint({
  path: '/v1/bank/accounts/{account}/reconciliation',
  tag: 'banking',
  summary: 'Bảng đối chiếu ngân hàng / Bank reconciliation statement',
  query: z.strictObject({ knownAt, atLeast, account: idSchema, on: daySchema }),
  read: readReconciliation,
});
