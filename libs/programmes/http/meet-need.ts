import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const meetNeedEndpoint = commandEndpoint(
  handlers.meetNeed,
  '/v1/needs/{need}/meet',
  'programmes',
  'Đã đáp ứng / Meet',
);
