import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const recordReceiptEndpoint = commandEndpoint(
  handlers.recordReceipt,
  '/v1/receipts',
  'funds',
  'Ghi tiếp nhận / Record a receipt',
);
