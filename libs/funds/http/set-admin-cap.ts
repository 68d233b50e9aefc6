import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const setAdminCapEndpoint = commandEndpoint(
  handlers.setAdminCap,
  '/v1/admin-caps',
  'funds',
  'Đặt mức trần chi phí quản lý / Set the cost cap',
);
