import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const proposeSupplierDebtEndpoint = commandEndpoint(
  handlers.proposeSupplierDebt,
  '/v1/decisions/supplier-debt',
  'funds',
  'Đề nghị ghi nợ hoá đơn / Propose to take over an invoice',
);
