import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const rejectDisbursementEndpoint = commandEndpoint(
  handlers.rejectDisbursement,
  '/v1/disbursements/{disbursement}/reject',
  'funds',
  'Từ chối / Reject',
);
