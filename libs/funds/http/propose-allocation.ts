import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const proposeAllocationEndpoint = commandEndpoint(
  handlers.proposeAllocation,
  '/v1/decisions/allocation',
  'funds',
  'Đề nghị phân bổ / Propose an allocation',
);
