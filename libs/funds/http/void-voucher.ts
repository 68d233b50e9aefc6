import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const voidVoucherEndpoint = commandEndpoint(
  handlers.voidVoucher,
  '/v1/vouchers/void',
  'funds',
  'Huỷ số chứng từ / Void a voucher',
);
