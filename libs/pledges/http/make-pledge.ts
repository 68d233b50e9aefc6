import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const makePledgeEndpoint = commandEndpoint(
  handlers.makePledge,
  '/v1/pledges',
  'pledges',
  'Ghi cam kết / Make a pledge',
);
