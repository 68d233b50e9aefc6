import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const splitBankLineEndpoint = commandEndpoint(
  handlers.splitBankLine,
  '/v1/bank/accounts/{account}/lines/{line}/split',
  'banking',
  'Tách dòng sao kê / Split a bank line',
);
