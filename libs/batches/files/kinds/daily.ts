import { ok } from '#kernel';
import { amount, choice, id, text } from '../cells.ts';
import { all, describeKind, may, must, step } from '../kind.ts';
import {
  SOURCES,
  amountOf,
  commodityColumns,
  date,
  fund,
  made,
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

const account = must(id, 'Mã tài khoản', 'Account', 'nh-1');
const money = amountOf('Số tiền', 'Amount', '500.000');

/** Money of which nobody knows yet who gave it. */
export const unidentified = describeKind({
  name: 'unidentified',
  files: { vi: 'tien-chua-ro', en: 'unidentified' },
  title: { vi: 'Tiền chưa rõ người gửi', en: 'Unidentified receipts' },
  columns: {
    ref,
    fund,
    account,
    date,
    amount: money,
    commodity: commodityColumns.commodity,
    bankLine: may(id, 'Mã dòng sao kê', 'Bank line', ''),
    narrative,
  },
  steps: (row) => {
    const read = moneyOf('amount', row.amount, row);
    if (!read.ok) return read;
    const { fund: of, account: into, date: effectiveOn, bankLine, narrative: told } = row;
    const body = { fund: of, account: into, ...read.value, bankLine, narrative: told, effectiveOn };
    return ok([step('record', 'record-unidentified-receipt', body)]);
  },
});

/** Money of which it was found out who gave it. */
export const identifications = describeKind({
  name: 'identifications',
  files: { vi: 'xac-dinh-nguoi-gui', en: 'identifications' },
  title: { vi: 'Xác định tiền chưa rõ', en: 'Identified receipts' },
  columns: {
    ref,
    fund,
    date,
    unidentified: must(
      made('unidentified', 'record'),
      'Khoản chưa rõ',
      'Unidentified receipt',
      'CR-0001',
      'Số tham chiếu của dòng tiền chưa rõ, hoặc mã của lệnh đã ghi nó',
      'The ref of its row, or the id of the command that recorded it',
    ),
    amount: may(amount, 'Số tiền', 'Amount', '', 'Để trống: tất cả phần còn lại', 'Empty: all that is left'),
    commodity: commodityColumns.commodity,
    source: must(choice(SOURCES), 'Nguồn thu', 'Source', 'tự nguyện'),
    donor: may(id, 'Mã nhà tài trợ', 'Donor', 'nt-0001'),
    ...placeColumns,
    pledge: may(id, 'Mã cam kết', 'Pledge', ''),
    ...restrictionColumns,
    narrative,
  },
  steps: (row) => {
    const read = all({
      part: row.amount === null ? ok(null) : moneyOf('amount', row.amount, row),
      place: placeOf(row.placeCode, row.placeName, 'placeCode'),
      restriction: restrictionOf(row),
    });
    if (!read.ok) return read;
    const { part, place, restriction } = read.value;
    const body = {
      fund: row.fund,
      unidentified: row.unidentified,
      amount: part?.amount ?? null,
      source: row.source,
      donor: row.donor,
      place,
      pledge: row.pledge,
      restriction,
      narrative: row.narrative,
      effectiveOn: row.date,
    };
    return ok([step('identify', 'identify-receipt', body)]);
  },
});

const INCOME = choice([
  { value: 'interest', vi: 'lãi', en: 'interest' },
  { value: 'surplus', vi: 'kiểm kê thừa', en: 'surplus' },
  { value: 'other', vi: 'khác', en: 'other' },
]);

/** What the fund earned by itself. */
export const income = describeKind({
  name: 'income',
  files: { vi: 'thu-cua-quy', en: 'income' },
  title: { vi: 'Thu của chính quỹ: lãi, thừa kiểm kê', en: 'Income of the fund' },
  columns: {
    ref,
    fund,
    account,
    date,
    kind: must(INCOME, 'Loại thu', 'Kind of income', 'lãi'),
    amount: money,
    ...commodityColumns,
    ...restrictionColumns,
    ...periodColumns,
    narrative,
  },
  steps: (row) => {
    const read = all({
      earned: moneyOf('amount', row.amount, row),
      restriction: restrictionOf(row),
      period: periodOf(row),
    });
    if (!read.ok) return read;
    const { earned, restriction, period } = read.value;
    const body = {
      fund: row.fund,
      account: row.account,
      kind: row.kind,
      ...earned,
      restriction,
      period,
      narrative: row.narrative,
      effectiveOn: row.date,
    };
    return ok([step('record', 'record-income', body)]);
  },
});

/** What kind of own cost a row is. */
export const EXPENSES = choice([
  { value: 'administration', vi: 'quản lý', en: 'administration' },
  { value: 'bank-fee', vi: 'phí ngân hàng', en: 'bank fee' },
  { value: 'shortage', vi: 'kiểm kê thiếu', en: 'shortage' },
  { value: 'other', vi: 'khác', en: 'other' },
]);

/** What the fund spent on itself. */
export const expenses = describeKind({
  name: 'expenses',
  files: { vi: 'chi-phi', en: 'expenses' },
  title: { vi: 'Chi phí của quỹ', en: 'Own expenses' },
  columns: {
    ref,
    fund,
    account,
    date,
    kind: must(EXPENSES, 'Loại chi phí', 'Kind of expense', 'phí ngân hàng'),
    amount: money,
    ...commodityColumns,
    programme: may(id, 'Mã chương trình', 'Programme', ''),
    purpose: may(id, 'Mục đích', 'Purpose', ''),
    pool: may(
      text,
      'Nguồn chi',
      'Pool',
      '',
      'Để trống: nguồn chung; dạng qbt-06/VND/purpose=quan-ly',
      'Empty: the general pool; as qbt-06/VND/purpose=quan-ly',
    ),
    proposedBy: may(
      id,
      'Người đề nghị',
      'Proposed by',
      '',
      'Bắt buộc khi vượt định mức; không phải người nhập',
      'Needed over the cap; never the importer',
    ),
    narrative,
  },
  steps: (row) => {
    const spent = moneyOf('amount', row.amount, row);
    if (!spent.ok) return spent;
    const pools = row.pool === null ? [] : [{ pool: row.pool, amount: spent.value.amount }];
    const body = {
      fund: row.fund,
      account: row.account,
      kind: row.kind,
      ...spent.value,
      programme: row.programme,
      purpose: row.purpose,
      pools,
      proposedBy: row.proposedBy,
      narrative: row.narrative,
      effectiveOn: row.date,
    };
    return ok([step('record', 'record-expense', body)]);
  },
});

/** Money and goods between two own accounts. */
export const moneyMoves = describeKind({
  name: 'money-moves',
  files: { vi: 'chuyen-noi-bo', en: 'money-moves' },
  title: { vi: 'Chuyển giữa các tài khoản của quỹ', en: 'Moves between own accounts' },
  columns: {
    ref,
    fund,
    date,
    from: must(id, 'Từ tài khoản', 'From', 'nh-1'),
    to: must(id, 'Đến tài khoản', 'To', 'tien-mat'),
    amount: money,
    ...commodityColumns,
    narrative,
  },
  steps: (row) => {
    const moved = moneyOf('amount', row.amount, row);
    if (!moved.ok) return moved;
    const { fund: of, from, to, narrative: told, date: effectiveOn } = row;
    const body = { fund: of, from, to, ...moved.value, narrative: told, effectiveOn };
    return ok([step('move', 'move-own-money', body)]);
  },
});
