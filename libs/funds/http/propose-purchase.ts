import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const proposePurchaseEndpoint = commandEndpoint(
  handlers.proposePurchase,
  '/v1/decisions/purchase',
  'funds',
  'Đề nghị mua hàng / Propose a purchase',
);
