import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const approveDecisionEndpoint = commandEndpoint(
  handlers.approveDecision,
  '/v1/decisions/{decision}/approve',
  'funds',
  'Duyệt đề nghị / Approve a proposal',
);
