import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const registerDonorEndpoint = commandEndpoint(
  handlers.registerDonor,
  '/v1/donors',
  'people',
  'Đăng ký nhà tài trợ / Register a donor',
);
