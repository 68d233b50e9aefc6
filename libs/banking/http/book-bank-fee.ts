import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const bookBankFeeEndpoint = commandEndpoint(
  handlers.bookBankFee,
  '/v1/bank/accounts/{account}/lines/{line}/fee',
  'banking',
  'Ghi dòng sao kê là phí ngân hàng / Book a line as a bank fee',
);
