import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const receiveOwnMoneyEndpoint = commandEndpoint(
  handlers.receiveOwnMoney,
  '/v1/own-moves/{move}/receive',
  'funds',
  'Nhận tiền đang chuyển / Receive own money',
);
