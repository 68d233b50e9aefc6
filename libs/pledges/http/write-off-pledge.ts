import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const writeOffPledgeEndpoint = commandEndpoint(
  handlers.writeOffPledge,
  '/v1/pledges/{pledge}/write-off',
  'pledges',
  'Xoá phần cam kết sẽ không nhận / Write off what will not come',
);
