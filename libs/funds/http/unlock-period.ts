import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const unlockPeriodEndpoint = commandEndpoint(
  handlers.unlockPeriod,
  '/v1/books/{fund}/{year}/unlock',
  'funds',
  'Mở khoá tháng cuối cùng / Unlock the last locked month',
);
