import { choice, id } from '../cells.ts';
import { may } from '../kind.ts';

const COSTS = [
  { value: 'administration', vi: 'quản lý', en: 'administration' },
  { value: 'bank-fee', vi: 'phí ngân hàng', en: 'bank fee' },
  { value: 'shortage', vi: 'thiếu hụt', en: 'shortage' },
  { value: 'other', vi: 'khác', en: 'other' },
] as const;

/** What kind of own cost a row is. */
export const costKind = choice(COSTS);

/** What own costs are for, where that is said. */
export const useColumns = {
  programme: may(id, 'Mã chương trình', 'Programme', ''),
  purpose: may(id, 'Mục đích', 'Purpose', 'di-lai'),
};
