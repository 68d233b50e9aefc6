import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const reduceSupplierDebtEndpoint = commandEndpoint(
  handlers.reduceSupplierDebt,
  '/v1/supplier-debts/{debt}/reduce',
  'funds',
  'Giảm nợ nhà cung cấp / Reduce what a supplier is owed',
);
