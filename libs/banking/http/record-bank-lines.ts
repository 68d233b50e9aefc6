import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const recordBankLinesEndpoint = commandEndpoint(
  handlers.recordBankLines,
  '/v1/bank/accounts/{account}/lines',
  'banking',
  'Ghi dòng sao kê / Record bank lines',
);
