import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const proposeRefundEndpoint = commandEndpoint(
  handlers.proposeRefund,
  '/v1/decisions/refund',
  'funds',
  'Đề nghị trả lại người tặng / Propose a refund',
);
