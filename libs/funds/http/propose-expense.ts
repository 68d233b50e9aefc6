import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const proposeExpenseEndpoint = commandEndpoint(
  handlers.proposeExpense,
  '/v1/decisions/expense',
  'funds',
  'Đề nghị chi phí / Propose an expense',
);
