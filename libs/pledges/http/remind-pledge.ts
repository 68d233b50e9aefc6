import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const remindPledgeEndpoint = commandEndpoint(
  handlers.remindPledge,
  '/v1/pledges/{pledge}/remind',
  'pledges',
  'Ghi đã nhắc người tặng / Record a reminder',
);
