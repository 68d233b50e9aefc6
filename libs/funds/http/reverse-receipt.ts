import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const reverseReceiptEndpoint = commandEndpoint(
  handlers.reverseReceipt,
  '/v1/receipts/{receipt}/reverse',
  'funds',
  'Huỷ bút toán tiếp nhận / Reverse a receipt',
);
