import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const cancelPledgeEndpoint = commandEndpoint(
  handlers.cancelPledge,
  '/v1/pledges/{pledge}/cancel',
  'pledges',
  'Huỷ cam kết / Cancel a pledge',
);
