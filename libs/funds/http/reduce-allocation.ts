import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const reduceAllocationEndpoint = commandEndpoint(
  handlers.reduceAllocation,
  '/v1/allocations/{allocation}/reduce',
  'funds',
  'Giảm phân bổ / Reduce an allocation',
);
