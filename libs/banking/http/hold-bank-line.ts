import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const holdBankLineEndpoint = commandEndpoint(
  handlers.holdBankLine,
  '/v1/bank/accounts/{account}/lines/{line}/hold',
  'banking',
  'Ghi tiền chưa rõ vào tài khoản tạm giữ / Book a line of unknown money',
);
