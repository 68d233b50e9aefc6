import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const recordSupplierDebtEndpoint = commandEndpoint(
  handlers.recordSupplierDebt,
  '/v1/supplier-debts',
  'funds',
  'Ghi nợ nhà cung cấp / Record a supplier’s invoice',
);
