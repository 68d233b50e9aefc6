import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const bookBankInterestEndpoint = commandEndpoint(
  handlers.bookBankInterest,
  '/v1/bank/accounts/{account}/lines/{line}/interest',
  'banking',
  'Ghi dòng sao kê là lãi / Book a line as interest',
);
