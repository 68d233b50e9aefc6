import { ok } from '#kernel';
import { amount, choice, day, id, text } from '../cells.ts';
import { all, describeKind, may, must, refuseCell, step, withoutNulls } from '../kind.ts';
import {
  SOURCES,
  amountOf,
  commodityColumns,
  date,
  fund,
  moneyOf,
  narrative,
  periodColumns,
  periodOf,
  placeColumns,
  placeOf,
  ref,
  restrictionColumns,
  restrictionOf,
} from '../shared.ts';

const BASES = [
  { value: 'provisional', vi: 'tạm tính', en: 'provisional' },
  { value: 'conventional', vi: 'quy ước', en: 'conventional' },
  { value: 'market', vi: 'thị trường', en: 'market' },
  { value: 'document', vi: 'chứng từ', en: 'document' },
] as const;

/** Money and goods that arrived in a fund. */
export const receipts = describeKind({
  name: 'receipts',
  files: { vi: 'tiep-nhan', en: 'receipts' },
  title: { vi: 'Tiếp nhận tiền và hiện vật', en: 'Receipts' },
  columns: {
    ref,
    fund,
    account: must(id, 'Mã tài khoản', 'Account', 'nh-1'),
    date,
    amount: amountOf('Số tiền hoặc số lượng', 'Amount'),
    ...commodityColumns,
    source: must(choice(SOURCES), 'Nguồn thu', 'Source', 'tự nguyện'),
    donor: may(
      id,
      'Mã nhà tài trợ',
      'Donor',
      'nt-0001',
      'Để trống khi nguồn không nêu ai',
      'Empty when the source names nobody',
    ),
    ...placeColumns,
    pledge: may(id, 'Mã cam kết', 'Pledge', ''),
    ...restrictionColumns,
    ...periodColumns,
    value: may(
      amount,
      'Giá trị quy đổi',
      'Value',
      '',
      'Chỉ cho hiện vật; để trống khi chưa biết, không ghi 0',
      'Goods only; empty when unknown, never 0',
    ),
    valueCurrency: may(text, 'Loại tiền quy đổi', 'Value currency', '', 'Để trống là VND', 'Empty means VND'),
    valueTechnique: may(text, 'Cách định giá', 'Valuation technique', ''),
    valueBasis: may(
      choice(BASES),
      'Cơ sở giá trị',
      'Value basis',
      '',
      'Tạm tính thì điều chỉnh khi biết giá',
      'A provisional value is revised later',
    ),
    rate: may(
      text,
      'Tỷ giá',
      'Rate',
      '',
      'Chỉ cho ngoại tệ: số đồng cho một đơn vị, dấu chấm thập phân; để trống khi chưa biết',
      'Foreign money only: đồng for one unit, with a decimal point; empty when unknown',
    ),
    rateDate: may(
      day,
      'Ngày tỷ giá',
      'Rate date',
      '',
      'Để trống là ngày nhận',
      'Empty means the date of the receipt',
    ),
    rateSource: may(id, 'Nguồn tỷ giá', 'Rate source', ''),
    narrative,
  },
  steps: (row) => {
    const read = all({
      money: moneyOf('amount', row.amount, row),
      place: placeOf(row.placeCode, row.placeName, 'placeCode'),
      restriction: restrictionOf(row),
      period: periodOf(row),
      worth: row.value === null ? ok(null) : moneyOf('value', row.value, { commodity: row.valueCurrency }),
    });
    if (!read.ok) return read;
    const { money, place, restriction, period, worth } = read.value;
    if (worth !== null && row.valueTechnique === null)
      return refuseCell('valueTechnique', { code: 'CELL_MISSING', details: {} });
    if (row.rate !== null && row.rateSource === null)
      return refuseCell('rateSource', { code: 'CELL_MISSING', details: {} });
    const body = {
      fund: row.fund,
      account: row.account,
      source: row.source,
      ...money,
      donor: row.donor,
      place,
      pledge: row.pledge,
      restriction,
      period,
      valuation:
        worth === null
          ? null
          : { ...worth, technique: row.valueTechnique, ...withoutNulls({ basis: row.valueBasis }) },
      ...(row.rate !== null && {
        rate: { perUnit: row.rate, on: row.rateDate ?? row.date, source: row.rateSource },
      }),
      narrative: row.narrative,
      effectiveOn: row.date,
    };
    return ok([step('record', 'record-receipt', body)]);
  },
});
