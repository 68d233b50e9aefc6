import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const identifyReceiptEndpoint = commandEndpoint(
  handlers.identifyReceipt,
  '/v1/unidentified-receipts/{unidentified}/identify',
  'funds',
  'Xác định khoản tiền / Identify a receipt',
);
