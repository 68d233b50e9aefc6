import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const refundToDonorEndpoint = commandEndpoint(
  handlers.refundToDonor,
  '/v1/receipts/{receipt}/refund',
  'funds',
  'Hoàn trả người tặng / Refund to the donor',
);
