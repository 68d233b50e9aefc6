import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const recordIncomeEndpoint = commandEndpoint(
  handlers.recordIncome,
  '/v1/incomes',
  'funds',
  'Ghi thu nhập của quỹ (lãi tiền gửi) / Record income',
);
