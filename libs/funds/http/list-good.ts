import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const listGoodEndpoint = commandEndpoint(
  handlers.listGood,
  '/v1/books/{fund}/{year}/goods',
  'funds',
  'Thêm hiện vật / Add a good',
);
