import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const returnUnidentifiedReceiptEndpoint = commandEndpoint(
  handlers.returnUnidentifiedReceipt,
  '/v1/unidentified-receipts/{unidentified}/return',
  'funds',
  'Trả lại tiền chưa rõ người gửi / Return money of unknown origin',
);
