import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const registerBankAccountEndpoint = commandEndpoint(
  handlers.registerBankAccount,
  '/v1/bank/accounts',
  'banking',
  'Đăng ký tài khoản ngân hàng / Register a bank account',
);
