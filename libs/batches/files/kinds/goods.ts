import { ok } from '#kernel';
import { decimals, id, text } from '../cells.ts';
import { describeKind, may, must, step } from '../kind.ts';
import { date, fund, ref } from '../shared.ts';

/** Goods that a book counts. */
export const goods = describeKind({
  name: 'goods',
  files: { vi: 'hien-vat', en: 'goods' },
  title: { vi: 'Hiện vật của sổ', en: 'Goods of a book' },
  columns: {
    ref,
    fund,
    code: must(id, 'Mã hiện vật', 'Code', 'xe-dap'),
    unit: must(text, 'Đơn vị tính', 'Unit', 'chiếc'),
    decimals: may(decimals, 'Số lẻ', 'Decimals', '0', 'Để trống là 0', 'Empty means 0'),
    date,
  },
  steps: ({ fund: of, code, unit, decimals: exponent, date: effectiveOn }) =>
    ok([step('list', 'list-good', { fund: of, code, unit, exponent: exponent ?? 0, effectiveOn })]),
});
