import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const setApprovalRuleEndpoint = commandEndpoint(
  handlers.setApprovalRule,
  '/v1/approval-rules',
  'funds',
  'Đặt quy định duyệt / Set an approval rule',
);
