import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const receiveBankLineEndpoint = commandEndpoint(
  handlers.receiveBankLine,
  '/v1/bank/accounts/{account}/lines/{line}/receipt',
  'banking',
  'Ghi dòng sao kê là khoản tiếp nhận / Book a line as a receipt',
);
