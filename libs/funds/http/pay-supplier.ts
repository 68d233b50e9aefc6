import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const paySupplierEndpoint = commandEndpoint(
  handlers.paySupplier,
  '/v1/supplier-debts/{debt}/pay',
  'funds',
  'Trả nợ nhà cung cấp / Pay a supplier',
);
