import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const changeDisbursementEndpoint = commandEndpoint(
  handlers.changeDisbursement,
  '/v1/disbursements/{disbursement}/change',
  'funds',
  'Sửa đề nghị chi / Change a proposal',
);
