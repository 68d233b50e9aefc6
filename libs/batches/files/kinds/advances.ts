import { ok } from '#kernel';
import { amount, day, id, text } from '../cells.ts';
import { all, describeKind, may, must, refuseCell, step } from '../kind.ts';
import { amountOf, date, fund, moneyOf, narrative, ref } from '../shared.ts';
import { EXPENSES } from './daily.ts';

/**
 * Advances to staff for own costs. A row may carry the whole life: handed out, settled once, the rest returned. A later
 * import of the row with more cells continues it.
 */
export const advances = describeKind({
  name: 'advances',
  files: { vi: 'tam-ung', en: 'advances' },
  title: { vi: 'Tạm ứng', en: 'Advances to staff' },
  columns: {
    ref,
    fund,
    date,
    account: must(id, 'Chi từ tài khoản', 'Account', 'tien-mat'),
    person: must(
      id,
      'Mã người nhận',
      'Person',
      'nv-0001',
      'Không dùng tên người',
      'Never the name of a person',
    ),
    name: may(text, 'Tên người nhận', 'Name', '', 'Cất trong kho riêng', 'Kept in the vault'),
    amount: amountOf('Số tiền', 'Amount', '3.000.000'),
    commodity: may(text, 'Loại tiền', 'Currency', 'VND', 'Để trống là VND', 'Empty means VND'),
    due: may(day, 'Hạn quyết toán', 'Due on', '31/01/2023'),
    programme: may(id, 'Mã chương trình', 'Programme', ''),
    purpose: may(id, 'Mục đích', 'Purpose', ''),
    narrative,
    settledOn: may(day, 'Ngày quyết toán', 'Settled on', '25/01/2023'),
    settled: may(amount, 'Số đã dùng', 'Used', '2.600.000', 'Để trống là tất cả', 'Empty means all of it'),
    kind: may(EXPENSES, 'Loại chi phí', 'Kind of cost', 'quản lý'),
    returnedOn: may(day, 'Ngày hoàn', 'Returned on', '25/01/2023'),
  },
  steps: (row, key) => {
    const money = { commodity: row.commodity, decimals: null };
    const read = all({
      amount: moneyOf('amount', row.amount, money),
      settled: row.settled === null ? ok(null) : moneyOf('settled', row.settled, money),
    });
    if (!read.ok) return read;
    const { settledOn, kind, returnedOn, account } = row;
    if (settledOn !== null && kind === null) return refuseCell('kind', { code: 'CELL_MISSING', details: {} });
    if (settledOn === null && (kind !== null || row.settled !== null))
      return refuseCell('settledOn', { code: 'CELL_MISSING', details: {} });
    const on = { fund: row.fund, advance: key('pay') };
    const used = { amount: read.value.settled?.amount ?? null, kind };
    return ok([
      step('pay', 'pay-advance', {
        fund: row.fund,
        account,
        person: row.person,
        name: row.name,
        ...read.value.amount,
        due: row.due,
        programme: row.programme,
        purpose: row.purpose,
        narrative: row.narrative,
        effectiveOn: row.date,
      }),
      ...(settledOn === null
        ? []
        : [step('settle', 'settle-advance', { ...on, ...used, effectiveOn: settledOn })]),
      ...(returnedOn === null
        ? []
        : [step('return', 'return-advance', { ...on, account, effectiveOn: returnedOn })]),
    ]);
  },
});
