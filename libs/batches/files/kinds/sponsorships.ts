import { ok } from '#kernel';
import { count, day, id } from '../cells.ts';
import { describeKind, may, must, step } from '../kind.ts';
import { amountOf, commodityColumns, date, fund, moneyOf, ref, yesNo } from '../shared.ts';
import { anchorDay, frequency } from './pledges.ts';

/** Sponsorships: a donor stands by one child. */
export const sponsorships = describeKind({
  name: 'sponsorships',
  files: { vi: 'do-dau', en: 'sponsorships' },
  title: { vi: 'Đỡ đầu trẻ em', en: 'Sponsorships' },
  columns: {
    ref,
    sponsorship: must(
      id,
      'Mã suất đỡ đầu',
      'Sponsorship',
      'dd-0001',
      'Cũng là mã cam kết của suất',
      'Also the id of its pledge',
    ),
    beneficiary: must(
      id,
      'Mã trẻ',
      'Child',
      'te-0001',
      'Không dùng tên, ngày sinh, trường lớp',
      'Never a name, birth date or school',
    ),
    donor: must(id, 'Mã nhà tài trợ', 'Donor', 'nt-0001'),
    fund,
    date,
    ...commodityColumns,
    each: amountOf('Số tiền mỗi kỳ', 'Each', '500.000'),
    every: must(frequency, 'Chu kỳ', 'Every', 'hằng tháng'),
    firstDue: must(day, 'Ngày đến hạn đầu tiên', 'First due', '31/01/2024'),
    periods: must(count, 'Số kỳ', 'Periods', '12'),
    anchorDay,
    shared: may(
      yesNo,
      'Dùng chung',
      'Shared',
      'không',
      '“có”: nhiều người cùng đỡ đầu một trẻ',
      '“yes”: several sponsors share one child',
    ),
  },
  steps: (row) => {
    const money = moneyOf('each', row.each, row);
    if (!money.ok) return money;
    const { sponsorship, beneficiary, donor, every, firstDue: first, periods, shared } = row;
    const body = {
      sponsorship,
      beneficiary,
      donor,
      fund: row.fund,
      every,
      first,
      periods,
      commodity: money.value.commodity,
      each: money.value.amount,
      anchorDay: row.anchorDay,
      shared: shared ?? false,
      effectiveOn: row.date,
    };
    return ok([step('register', 'register-sponsorship', body)]);
  },
});
