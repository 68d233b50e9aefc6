import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const deliverDisbursementEndpoint = commandEndpoint(
  handlers.deliverDisbursement,
  '/v1/disbursements/{disbursement}/deliver',
  'funds',
  'Xác nhận đã trao / Confirm delivery',
);
