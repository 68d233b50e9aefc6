import { ok } from '#kernel';
import { amount, choice, count, day, id, text } from '../cells.ts';
import { all, describeKind, may, must, step } from '../kind.ts';
import {
  date,
  moneyOf,
  periodColumns,
  periodOf,
  placeColumns,
  placeOf,
  qualifier,
  ref,
  stated,
} from '../shared.ts';

const STAGES = [
  { value: 'requested', vi: 'đề nghị', en: 'requested' },
  { value: 'surveyed', vi: 'đã khảo sát', en: 'surveyed' },
  { value: 'sponsored', vi: 'đã có nhà tài trợ', en: 'sponsored' },
  { value: 'under-way', vi: 'đang thực hiện', en: 'under way' },
] as const;

/** Needs: asked for or surveyed, not received. */
export const needs = describeKind({
  name: 'needs',
  files: { vi: 'nhu-cau', en: 'needs' },
  title: { vi: 'Nhu cầu', en: 'Needs' },
  columns: {
    ref,
    need: must(id, 'Mã nhu cầu', 'Need', 'nc-0001'),
    what: must(
      text,
      'Nội dung',
      'What',
      'Nhà bán trú',
      'Không kể chuyện của riêng một trẻ',
      'Never the story of a single child',
    ),
    date,
    ...placeColumns,
    programme: may(id, 'Mã chương trình', 'Programme', ''),
    group: may(id, 'Nhóm đối tượng', 'Group', 'hoc-sinh-ban-tru'),
    quantity: may(count, 'Số lượng', 'Quantity', '2'),
    quantityQualifier: qualifier('Mức số lượng', 'Quantity qualifier'),
    unit: may(text, 'Đơn vị tính', 'Unit', 'nhà'),
    amount: may(
      amount,
      'Số tiền',
      'Amount',
      '',
      'Để trống khi chưa biết; không ghi 0',
      'Empty when unknown; never 0',
    ),
    amountQualifier: qualifier('Mức số tiền', 'Amount qualifier'),
    commodity: may(text, 'Loại tiền', 'Currency', '', 'Để trống là VND', 'Empty means VND'),
    children: may(count, 'Số trẻ em', 'Children', ''),
    childrenQualifier: qualifier('Mức số trẻ em', 'Children qualifier'),
    prospect: may(id, 'Nhà tài trợ dự kiến', 'Prospect', '', 'Chưa phải cam kết', 'Not a pledge'),
    stage: may(
      choice(STAGES),
      'Giai đoạn',
      'Stage',
      'đã khảo sát',
      'Để trống là đề nghị',
      'Empty means requested',
    ),
    ...periodColumns,
    source: must(text, 'Nguồn', 'Source', 'Công văn 1971', 'Tài liệu và dòng', 'Document and line'),
    verifiedOn: may(day, 'Ngày xác minh', 'Verified on', ''),
    metOn: may(day, 'Ngày đáp ứng', 'Met on', ''),
    metBy: may(
      id,
      'Đáp ứng bởi',
      'Met by',
      '',
      'Mã nhà tài trợ, khoản chi hoặc báo cáo',
      'A donor, disbursement or report',
    ),
  },
  steps: (row) => {
    const read = all({
      place: placeOf(row.placeCode, row.placeName, 'placeCode'),
      period: periodOf(row),
      money: row.amount === null ? ok(null) : moneyOf('amount', row.amount, row),
    });
    if (!read.ok) return read;
    const { place, period, money } = read.value;
    const { need, programme, group, what, unit, prospect, source } = row;
    const body = {
      need,
      place,
      programme,
      group,
      what,
      quantity: stated(row.quantity, row.quantityQualifier),
      unit,
      amount: stated(money?.amount ?? null, row.amountQualifier),
      commodity: money?.commodity ?? null,
      children: stated(row.children, row.childrenQualifier),
      prospect,
      stage: row.stage ?? 'requested',
      period,
      source,
      effectiveOn: row.date,
    };
    return ok([
      step('open', 'open-need', body),
      ...(row.verifiedOn === null
        ? []
        : [step('verify', 'verify-need', { need, effectiveOn: row.verifiedOn })]),
      ...(row.metOn === null
        ? []
        : [step('meet', 'meet-need', { need, by: row.metBy, effectiveOn: row.metOn })]),
    ]);
  },
});
