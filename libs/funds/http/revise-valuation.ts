import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const reviseValuationEndpoint = commandEndpoint(
  handlers.reviseValuation,
  '/v1/receipts/{receipt}/revise-valuation',
  'funds',
  'Điều chỉnh giá trị hiện vật / Revise the value of goods',
);
