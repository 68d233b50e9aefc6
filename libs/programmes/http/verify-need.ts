import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const verifyNeedEndpoint = commandEndpoint(
  handlers.verifyNeed,
  '/v1/needs/{need}/verify',
  'programmes',
  'Xác minh / Verify',
);
