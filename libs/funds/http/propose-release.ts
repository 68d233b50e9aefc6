import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const proposeReleaseEndpoint = commandEndpoint(
  handlers.proposeRelease,
  '/v1/decisions/release',
  'funds',
  'Đề nghị bỏ điều kiện / Propose a release',
);
