import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const saveBankLayoutEndpoint = commandEndpoint(
  handlers.saveBankLayout,
  '/v1/bank/accounts/{account}/layouts',
  'banking',
  'Lưu mẫu cột sao kê / Save a statement layout',
);
