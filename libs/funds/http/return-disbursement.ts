import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const returnDisbursementEndpoint = commandEndpoint(
  handlers.returnDisbursement,
  '/v1/disbursements/{disbursement}/return',
  'funds',
  'Thu hồi / Book a return',
);
