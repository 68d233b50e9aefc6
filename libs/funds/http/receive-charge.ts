import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const receiveChargeEndpoint = commandEndpoint(
  handlers.receiveCharge,
  '/v1/charges/{charge}/receive',
  'funds',
  'Thu tiền bồi thường / Receive what was charged',
);
