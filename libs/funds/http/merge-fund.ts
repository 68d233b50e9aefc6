import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const mergeFundEndpoint = commandEndpoint(
  handlers.mergeFund,
  '/v1/mergers',
  'funds',
  'Sáp nhập quỹ / Merge a fund into another one',
);
