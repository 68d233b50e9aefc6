import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const cancelDisbursementEndpoint = commandEndpoint(
  handlers.cancelDisbursement,
  '/v1/disbursements/{disbursement}/cancel',
  'funds',
  'Huỷ / Cancel',
);
