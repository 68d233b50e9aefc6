import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const topUpAdvanceEndpoint = commandEndpoint(
  handlers.topUpAdvance,
  '/v1/advances/{advance}/top-up',
  'funds',
  'Tạm ứng thêm / Hand more of an advance',
);
