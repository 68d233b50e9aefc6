import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const handOverPledgesEndpoint = commandEndpoint(
  handlers.handOverPledges,
  '/v1/mergers/pledges',
  'funds',
  'Chuyển cam kết của quỹ đã sáp nhập / Hand over the pledges of a merged fund',
);
