import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const releaseRestrictionEndpoint = commandEndpoint(
  handlers.releaseRestriction,
  '/v1/restrictions/release',
  'funds',
  'Bỏ điều kiện sử dụng / Release a restriction',
);
