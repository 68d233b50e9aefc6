import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const resolveCountDifferenceEndpoint = commandEndpoint(
  handlers.resolveCountDifference,
  '/v1/counts/{difference}/resolve',
  'funds',
  'Xử lý chênh lệch kiểm kê / Resolve a count difference',
);
