import { type Result, ok } from '#kernel';
import { amount, day, id, list, text } from '../cells.ts';
import { type CellRefusal, all, describeKind, may, must, refuseCell, step } from '../kind.ts';
import { commodityColumns, date, fund, moneyOf, narrative, qualifier, ref } from '../shared.ts';

/** Pledges: promises, not money. */
export const pledges = describeKind({
  name: 'pledges',
  files: { vi: 'cam-ket', en: 'pledges' },
  title: { vi: 'Cam kết tài trợ', en: 'Pledges' },
  columns: {
    ref,
    pledge: must(id, 'Mã cam kết', 'Pledge', 'ck-0001'),
    fund,
    donor: may(id, 'Mã nhà tài trợ', 'Donor', 'nt-0001'),
    date,
    ...commodityColumns,
    amount: may(
      amount,
      'Số tiền',
      'Amount',
      '100.000.000',
      'Để trống khi nguồn không nêu; không ghi 0',
      'Empty when the source names none; never 0',
    ),
    qualifier: qualifier('Mức', 'Qualifier'),
    dueDates: may(
      list(day),
      'Các ngày đến hạn',
      'Due dates',
      '30/06/2023|31/12/2023',
      'Các đợt cách nhau bằng |',
      'Instalments with | between them',
    ),
    dueAmounts: may(list(amount), 'Số tiền từng đợt', 'Due amounts', '50.000.000|50.000.000'),
    narrative,
    cancelledOn: may(day, 'Ngày huỷ', 'Cancelled on', ''),
    cancelReason: may(
      text,
      'Lý do huỷ',
      'Reason for cancelling',
      '',
      'Cất trong kho riêng',
      'Kept in the vault',
    ),
  },
  steps: (row) => {
    const read = all({
      money: row.amount === null ? ok(null) : moneyOf('amount', row.amount, row),
      instalments: instalmentsOf(row),
    });
    if (!read.ok) return read;
    const { pledge, cancelledOn, cancelReason: reason } = row;
    if (cancelledOn !== null && reason === null)
      return refuseCell('cancelReason', { code: 'CELL_MISSING', details: {} });
    const body = {
      pledge,
      donor: row.donor,
      fund: row.fund,
      commodity: row.commodity ?? 'VND',
      amount: read.value.money?.amount ?? null,
      qualifier: row.qualifier ?? 'exact',
      instalments: read.value.instalments,
      narrative: row.narrative,
      effectiveOn: row.date,
    };
    return ok([
      step('make', 'make-pledge', body),
      ...(cancelledOn === null
        ? []
        : [step('cancel', 'cancel-pledge', { pledge, reason, effectiveOn: cancelledOn })]),
    ]);
  },
});

interface Schedule {
  readonly dueDates: readonly string[] | null;
  readonly dueAmounts: readonly string[] | null;
  readonly commodity: string | null;
  readonly decimals: number | null;
}

function instalmentsOf(row: Schedule): Result<readonly object[], CellRefusal> {
  const [dates, amounts] = [row.dueDates ?? [], row.dueAmounts ?? []];
  if (dates.length !== amounts.length) return refuseCell('dueAmounts', { code: 'LIST_UNEVEN', details: {} });
  const instalments: object[] = [];
  for (const [i, due] of dates.entries()) {
    const money = moneyOf('dueAmounts', amounts[i] ?? '', row);
    if (!money.ok) return money;
    instalments.push({ due, amount: money.value.amount });
  }
  return ok(instalments);
}
