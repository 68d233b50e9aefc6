import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const payDisbursementEndpoint = commandEndpoint(
  handlers.payDisbursement,
  '/v1/disbursements/{disbursement}/pay',
  'funds',
  'Chi tiền / Pay',
);
