import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const moveOwnMoneyEndpoint = commandEndpoint(
  handlers.moveOwnMoney,
  '/v1/own-moves',
  'funds',
  'Chuyển tiền giữa các tài khoản của quỹ / Move own money',
);
