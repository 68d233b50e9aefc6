import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const proposeApprovalRuleEndpoint = commandEndpoint(
  handlers.proposeApprovalRule,
  '/v1/decisions/approval-rule',
  'funds',
  'Đề nghị quy định duyệt / Propose an approval rule',
);
