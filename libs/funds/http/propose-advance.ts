import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const proposeAdvanceEndpoint = commandEndpoint(
  handlers.proposeAdvance,
  '/v1/decisions/advance',
  'funds',
  'Đề nghị tạm ứng / Propose an advance',
);
