import { bulkEndpoint } from '#http';
import { handlers } from '../index.ts';

export const recordReceiptsEndpoint = bulkEndpoint(
  handlers.recordReceipt,
  '/v1/receipts/bulk',
  'funds',
  'Nhập tiếp nhận hàng loạt (NDJSON) / Receipts in bulk',
);
