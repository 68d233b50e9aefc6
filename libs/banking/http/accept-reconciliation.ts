import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const acceptReconciliationEndpoint = commandEndpoint(
  handlers.acceptReconciliation,
  '/v1/bank/accounts/{account}/reconciliations',
  'banking',
  'Xác nhận đối chiếu / Accept a reconciliation',
);
