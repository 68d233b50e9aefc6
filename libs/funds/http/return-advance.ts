import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const returnAdvanceEndpoint = commandEndpoint(
  handlers.returnAdvance,
  '/v1/advances/{advance}/return',
  'funds',
  'Hoàn tạm ứng / Book what came back of an advance',
);
