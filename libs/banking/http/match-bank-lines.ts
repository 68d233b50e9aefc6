import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const matchBankLinesEndpoint = commandEndpoint(
  handlers.matchBankLines,
  '/v1/bank/accounts/{account}/matches',
  'banking',
  'Khớp dòng sao kê / Match bank lines',
);
