import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const approveAllocationEndpoint = commandEndpoint(
  handlers.approveAllocation,
  '/v1/allocations',
  'funds',
  'Duyệt phân bổ / Approve an allocation',
);
