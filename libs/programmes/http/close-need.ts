import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const closeNeedEndpoint = commandEndpoint(
  handlers.closeNeed,
  '/v1/needs/{need}/close',
  'programmes',
  'Đóng / Close',
);
