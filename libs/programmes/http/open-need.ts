import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const openNeedEndpoint = commandEndpoint(
  handlers.openNeed,
  '/v1/needs',
  'programmes',
  'Đăng ký nhu cầu / Register a need',
);
