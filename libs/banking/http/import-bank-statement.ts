import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const importBankStatementEndpoint = commandEndpoint(
  handlers.importBankStatement,
  '/v1/bank/accounts/{account}/statements',
  'banking',
  'Ghi nhận sao kê / Record a statement',
);
