import { ok } from '#kernel';
import { id } from '../cells.ts';
import { all, describeKind, may, must, step, withoutNulls } from '../kind.ts';
import {
  amountOf,
  commodityColumns,
  date,
  fund,
  moneyOf,
  narrative,
  placeColumns,
  placeOf,
  ref,
} from '../shared.ts';

/** What the board set aside. */
export const allocations = describeKind({
  name: 'allocations',
  files: { vi: 'phan-bo', en: 'allocations' },
  title: { vi: 'Phân bổ', en: 'Allocations' },
  columns: {
    ref,
    fund,
    date,
    amount: amountOf('Số tiền hoặc số lượng', 'Amount', '20.000.000'),
    ...commodityColumns,
    programme: may(id, 'Cho chương trình', 'Programme', 'ao-am-mua-dong'),
    ...placeColumns,
    group: may(id, 'Cho nhóm', 'Group', ''),
    proposedBy: must(id, 'Người đề nghị', 'Proposed by', 'ke-toan'),
    approvedBy: must(
      id,
      'Người duyệt',
      'Approved by',
      'chu-tich-hdql',
      'Phải khác người đề nghị',
      'Never the one who proposed',
    ),
    narrative,
  },
  steps: (row) => {
    const read = all({
      money: moneyOf('amount', row.amount, row),
      place: placeOf(row.placeCode, row.placeName, 'placeCode'),
    });
    if (!read.ok) return read;
    const body = {
      fund: row.fund,
      ...read.value.money,
      designation: withoutNulls({ programme: row.programme, place: read.value.place, group: row.group }),
      proposedBy: row.proposedBy,
      narrative: row.narrative,
      effectiveOn: row.date,
    };
    return ok([step('approve', 'approve-allocation', body, row.approvedBy)]);
  },
});
