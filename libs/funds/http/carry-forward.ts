import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const carryForwardEndpoint = commandEndpoint(
  handlers.carryForward,
  '/v1/books/{fund}/{year}/carry',
  'funds',
  'Chuyển tiếp số dư năm trước / Go on carrying what the year before left',
);
