import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const openAccountEndpoint = commandEndpoint(
  handlers.openAccount,
  '/v1/books/{fund}/{year}/accounts',
  'funds',
  'Thêm tài khoản / Add an account',
);
