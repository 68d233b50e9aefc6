import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const proposeDisbursementEndpoint = commandEndpoint(
  handlers.proposeDisbursement,
  '/v1/disbursements',
  'funds',
  'Đề nghị chi / Propose a disbursement',
);
