import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const printVoucherEndpoint = commandEndpoint(
  handlers.printVoucher,
  '/v1/vouchers/{fund}/{year}/{voucher}/prints',
  'books',
  'Ghi nhận một lần in chứng từ / Record a print of a voucher',
);
