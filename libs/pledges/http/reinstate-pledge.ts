import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const reinstatePledgeEndpoint = commandEndpoint(
  handlers.reinstatePledge,
  '/v1/pledges/{pledge}/reinstate',
  'pledges',
  'Bỏ việc xoá phần cam kết / Take a write-off back',
);
