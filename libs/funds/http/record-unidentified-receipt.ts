import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const recordUnidentifiedReceiptEndpoint = commandEndpoint(
  handlers.recordUnidentifiedReceipt,
  '/v1/unidentified-receipts',
  'funds',
  'Ghi tiền chưa rõ người gửi / Record money of unknown origin',
);
