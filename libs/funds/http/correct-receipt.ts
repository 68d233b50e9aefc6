import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const correctReceiptEndpoint = commandEndpoint(
  handlers.correctReceipt,
  '/v1/receipts/{receipt}/correct',
  'funds',
  'Điều chỉnh phiếu thu / Correct a receipt',
);
