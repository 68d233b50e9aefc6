import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const endDecisionEndpoint = commandEndpoint(
  handlers.endDecision,
  '/v1/decisions/{decision}/end',
  'funds',
  'Từ chối hoặc rút đề nghị / Reject or withdraw a proposal',
);
