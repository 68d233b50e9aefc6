import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const approveDisbursementEndpoint = commandEndpoint(
  handlers.approveDisbursement,
  '/v1/disbursements/{disbursement}/approve',
  'funds',
  'Duyệt chi / Approve',
);
