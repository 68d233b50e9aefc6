import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const payAdvanceEndpoint = commandEndpoint(
  handlers.payAdvance,
  '/v1/advances',
  'funds',
  'Chi tạm ứng / Hand an advance to staff',
);
