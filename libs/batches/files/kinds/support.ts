import { ok } from '#kernel';
import { amount, choice, count, id, list, placeCode, text, year } from '../cells.ts';
import { all, describeKind, may, must, refuseCell, step } from '../kind.ts';
import {
  date,
  moneyOf,
  narrative,
  periodColumns,
  periodOf,
  placesColumns,
  placesOf,
  qualifier,
  ref,
  stated,
} from '../shared.ts';

const CHANNELS = [
  { value: 'state-budget', vi: 'ngân sách nhà nước', en: 'state budget' },
  { value: 'partner', vi: 'đối tác trực tiếp', en: 'partner' },
  { value: 'mass-organisation', vi: 'tổ chức đoàn thể', en: 'mass organisation' },
  { value: 'national-fund', vi: 'Quỹ Bảo trợ trẻ em Việt Nam', en: 'national fund' },
  { value: 'unstated', vi: 'không nêu', en: 'unstated' },
] as const;

/** Help that did not pass through a fund: reported, never booked. */
export const support = describeKind({
  name: 'support',
  files: { vi: 'ho-tro-ngoai-quy', en: 'support' },
  title: { vi: 'Hỗ trợ ngoài quỹ', en: 'Support outside the funds' },
  columns: {
    ref,
    report: must(id, 'Mã khoản', 'Report', 'bc-0001'),
    unit: must(placeCode, 'Mã đơn vị báo cáo', 'Unit', '06'),
    year: must(year, 'Năm', 'Year', '2023'),
    date,
    channel: must(choice(CHANNELS), 'Kênh', 'Channel', 'đối tác trực tiếp'),
    line: may(
      text,
      'Dòng của bảng năm',
      'Line',
      '',
      'local-budget/province, local-budget/districts hoặc outside/<mã>; để trống: không vào tổng nào của bảng',
      'local-budget/province, local-budget/districts or outside/<key>; empty: in no total of the table',
    ),
    kind: must(id, 'Loại hỗ trợ', 'Kind', 'in-kind'),
    programme: may(id, 'Mã chương trình', 'Programme', ''),
    donor: may(id, 'Mã nhà tài trợ', 'Donor', ''),
    via: may(
      text,
      'Qua đơn vị',
      'Via',
      'Tỉnh đoàn',
      'Cơ quan, không phải người',
      'An institution, never a person',
    ),
    ...placesColumns,
    amount: may(
      amount,
      'Số tiền',
      'Amount',
      '',
      'Để trống khi nguồn không nêu; không ghi 0',
      'Empty when unstated; never 0',
    ),
    amountQualifier: qualifier('Mức số tiền', 'Amount qualifier'),
    commodity: may(text, 'Loại tiền', 'Currency', '', 'Để trống là VND', 'Empty means VND'),
    goods: may(
      list(text),
      'Hiện vật',
      'Goods',
      'suất quà|chăn ấm',
      'Nhiều loại cách nhau bằng |',
      'Several kinds with | between them',
    ),
    goodsUnits: may(list(text), 'Đơn vị tính', 'Goods units', 'suất|chiếc'),
    goodsQuantities: may(
      list((cell) => (cell === '?' ? ok(null) : count(cell))),
      'Số lượng hiện vật',
      'Goods quantities',
      '2.150|?',
      'Ghi ? khi nguồn không nêu số',
      'Write ? where the source names no number',
    ),
    goodsQualifier: qualifier('Mức số lượng', 'Goods qualifier'),
    children: may(count, 'Số trẻ em', 'Children', '190'),
    childrenQualifier: qualifier('Mức số trẻ em', 'Children qualifier'),
    group: may(id, 'Nhóm đối tượng', 'Group', 'hoc-sinh'),
    periodFrom: must(
      periodColumns.periodFrom.read,
      periodColumns.periodFrom.vi,
      periodColumns.periodFrom.en,
      '01/01/2023',
    ),
    periodTo: must(
      periodColumns.periodTo.read,
      periodColumns.periodTo.vi,
      periodColumns.periodTo.en,
      '31/12/2023',
    ),
    periodDated: periodColumns.periodDated,
    partOf: may(
      id,
      'Là một phần của',
      'Part of',
      '',
      'Mã khoản đã bao gồm dòng này',
      'The report that includes this row',
    ),
    narrative,
    source: must(text, 'Nguồn', 'Source', 'Báo cáo 2023, mục II.5', 'Tài liệu và dòng', 'Document and line'),
  },
  steps: (row) => {
    const [what, units, quantities] = [row.goods ?? [], row.goodsUnits, row.goodsQuantities];
    if (units !== null && units.length !== what.length)
      return refuseCell('goodsUnits', { code: 'LIST_UNEVEN', details: {} });
    if (quantities !== null && quantities.length !== what.length)
      return refuseCell('goodsQuantities', { code: 'LIST_UNEVEN', details: {} });
    const read = all({
      places: placesOf(row.placeCodes, row.placeNames),
      period: periodOf(row),
      money: row.amount === null ? ok(null) : moneyOf('amount', row.amount, row),
    });
    if (!read.ok) return read;
    const { places, period, money } = read.value;
    const body = {
      report: row.report,
      unit: row.unit,
      year: row.year,
      channel: row.channel,
      line: row.line,
      kind: row.kind,
      programme: row.programme,
      donor: row.donor,
      via: row.via,
      places,
      commodity: money?.commodity ?? null,
      amount: stated(money?.amount ?? null, row.amountQualifier),
      goods: what.map((name, i) => {
        const quantity = quantities?.[i] ?? null;
        const how = quantity === null ? null : row.goodsQualifier;
        return { what: name, unit: units?.[i] ?? null, quantity: stated(quantity, how) };
      }),
      children: stated(row.children, row.childrenQualifier),
      group: row.group,
      period,
      partOf: row.partOf,
      narrative: row.narrative,
      source: row.source,
      effectiveOn: row.date,
    };
    return ok([step('report', 'report-support', body)]);
  },
});
