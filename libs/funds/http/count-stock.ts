import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const countStockEndpoint = commandEndpoint(
  handlers.countStock,
  '/v1/counts/stock',
  'funds',
  'Kiểm kê kho / Count goods in a store',
);
