import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const recordExpenseEndpoint = commandEndpoint(
  handlers.recordExpense,
  '/v1/expenses',
  'funds',
  'Ghi chi phí của quỹ / Record an expense',
);
