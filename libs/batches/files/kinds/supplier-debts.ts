import { ok } from '#kernel';
import { day, id, text } from '../cells.ts';
import { describeKind, may, must, refuseCell, step } from '../kind.ts';
import { amountOf, date, fund, moneyOf, narrative, ref } from '../shared.ts';
import { EXPENSES } from './daily.ts';

/** Invoices of own costs, and when each was paid. A later import of the row with its payment continues it. */
export const supplierDebts = describeKind({
  name: 'supplier-debts',
  files: { vi: 'no-nha-cung-cap', en: 'supplier-debts' },
  title: { vi: 'Nợ nhà cung cấp', en: 'Supplier debts' },
  columns: {
    ref,
    fund,
    date,
    supplier: must(id, 'Mã nhà cung cấp', 'Supplier', 'ncc-0001'),
    name: may(text, 'Tên nhà cung cấp', 'Name', '', 'Cất trong kho riêng', 'Kept in the vault'),
    invoice: must(
      text,
      'Số hóa đơn',
      'Invoice',
      '1C23TAA-0000123',
      'Cùng một số của cùng nhà cung cấp chỉ ghi một lần',
      'The same number of the same supplier is recorded once',
    ),
    invoiceDay: must(day, 'Ngày hóa đơn', 'Invoice date', '28/12/2022'),
    due: may(day, 'Hạn trả', 'Due on', '31/01/2023'),
    amount: amountOf('Số tiền', 'Amount', '1.200.000'),
    commodity: may(text, 'Loại tiền', 'Currency', 'VND', 'Để trống là VND', 'Empty means VND'),
    kind: must(EXPENSES, 'Loại chi phí', 'Kind of cost', 'quản lý'),
    programme: may(id, 'Mã chương trình', 'Programme', ''),
    purpose: may(id, 'Mục đích', 'Purpose', ''),
    narrative,
    paidOn: may(day, 'Ngày trả', 'Paid on', '20/01/2023'),
    account: may(id, 'Trả từ tài khoản', 'Account', 'nh-1'),
  },
  steps: (row, key) => {
    const money = moneyOf('amount', row.amount, { commodity: row.commodity, decimals: null });
    if (!money.ok) return money;
    const { paidOn, account } = row;
    if (paidOn !== null && account === null)
      return refuseCell('account', { code: 'CELL_MISSING', details: {} });
    if (paidOn === null && account !== null)
      return refuseCell('paidOn', { code: 'CELL_MISSING', details: {} });
    const paid = { fund: row.fund, debt: key('record'), account, effectiveOn: paidOn };
    return ok([
      step('record', 'record-supplier-debt', {
        fund: row.fund,
        supplier: row.supplier,
        name: row.name,
        invoice: row.invoice,
        invoiceDay: row.invoiceDay,
        due: row.due,
        ...money.value,
        kind: row.kind,
        programme: row.programme,
        purpose: row.purpose,
        narrative: row.narrative,
        effectiveOn: row.date,
      }),
      ...(paidOn === null ? [] : [step('pay', 'pay-supplier', paid)]),
    ]);
  },
});
