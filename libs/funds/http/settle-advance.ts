import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const settleAdvanceEndpoint = commandEndpoint(
  handlers.settleAdvance,
  '/v1/advances/{advance}/settle',
  'funds',
  'Quyết toán tạm ứng / Settle an advance',
);
