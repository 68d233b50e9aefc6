import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const proposeWriteOffEndpoint = commandEndpoint(
  handlers.proposeWriteOff,
  '/v1/decisions/write-off',
  'funds',
  'Đề nghị xoá khoản thiếu / Propose a write-off',
);
