import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const countCashEndpoint = commandEndpoint(
  handlers.countCash,
  '/v1/counts/cash',
  'funds',
  'Kiểm kê quỹ tiền mặt / Count a cash box',
);
