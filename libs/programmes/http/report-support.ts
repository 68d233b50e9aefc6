import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const reportSupportEndpoint = commandEndpoint(
  handlers.reportSupport,
  '/v1/support',
  'programmes',
  'Báo cáo hỗ trợ ngoài quỹ / Report support',
);
