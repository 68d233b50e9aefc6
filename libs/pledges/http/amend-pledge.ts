import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const amendPledgeEndpoint = commandEndpoint(
  handlers.amendPledge,
  '/v1/pledges/{pledge}/amend',
  'pledges',
  'Sửa cam kết / Amend a pledge',
);
