import { type Result, ok } from '#kernel';
import { amount, choice, count, day, id, list, text } from '../cells.ts';
import { type CellRefusal, all, describeKind, may, must, refuseCell, step } from '../kind.ts';
import { commodityColumns, date, fund, moneyOf, narrative, qualifier, ref } from '../shared.ts';

/** How often something is due. */
export const frequency = choice([
  { value: 'weekly', vi: 'hằng tuần', en: 'weekly' },
  { value: 'every-two-weeks', vi: 'hai tuần một lần', en: 'every two weeks' },
  { value: 'monthly', vi: 'hằng tháng', en: 'monthly' },
  { value: 'quarterly', vi: 'hằng quý', en: 'quarterly' },
  { value: 'half-yearly', vi: 'nửa năm một lần', en: 'half-yearly' },
  { value: 'yearly', vi: 'hằng năm', en: 'yearly' },
]);

export const anchorDay = may(
  count,
  'Ngày cố định trong tháng',
  'Day of the month',
  '',
  'Ví dụ 31: tháng ngắn lấy ngày cuối tháng; để trống là ngày của ngày đầu',
  'As 31: a shorter month has its last day; empty means the day of the first',
);

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
    every: may(
      frequency,
      'Chu kỳ',
      'Every',
      '',
      'Thay cho các ngày đến hạn ghi tay',
      'Instead of due dates by hand',
    ),
    firstDue: may(day, 'Ngày đến hạn đầu tiên', 'First due', ''),
    times: may(count, 'Số đợt', 'Times', ''),
    each: may(
      amount,
      'Số tiền mỗi đợt',
      'Each',
      '',
      'Để trống thì chia đều tổng số',
      'Empty: the whole is split evenly',
    ),
    anchorDay,
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
      schedule: scheduleOf(row),
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
      schedule: read.value.schedule,
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

interface Recurring {
  readonly every: string | null;
  readonly firstDue: string | null;
  readonly times: number | null;
  readonly each: string | null;
  readonly anchorDay: number | null;
  readonly commodity: string | null;
  readonly decimals: number | null;
}

/** The schedule of a row: how often, from when and how many times, or none. */
function scheduleOf(row: Recurring): Result<object | null, CellRefusal> {
  const { every, firstDue: first, times, anchorDay: anchor } = row;
  if (every === null && first === null && times === null && row.each === null) return ok(null);
  if (every === null) return refuseCell('every', { code: 'CELL_MISSING', details: {} });
  if (first === null) return refuseCell('firstDue', { code: 'CELL_MISSING', details: {} });
  if (times === null) return refuseCell('times', { code: 'CELL_MISSING', details: {} });
  const each = row.each === null ? ok(null) : moneyOf('each', row.each, row);
  if (!each.ok) return each;
  return ok({ every, first, count: times, anchorDay: anchor, each: each.value?.amount ?? null });
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
