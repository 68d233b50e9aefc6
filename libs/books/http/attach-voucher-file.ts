import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const attachVoucherFileEndpoint = commandEndpoint(
  handlers.attachVoucherFile,
  '/v1/vouchers/{fund}/{year}/{voucher}/files',
  'books',
  'Gắn tệp đã ký vào chứng từ / Put a signed file to a voucher',
);
