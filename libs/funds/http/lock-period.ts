import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const lockPeriodEndpoint = commandEndpoint(
  handlers.lockPeriod,
  '/v1/books/{fund}/{year}/lock',
  'funds',
  'Khoá sổ theo tháng / Lock months',
);
