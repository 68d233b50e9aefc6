import { ok } from '#kernel';
import { id, text } from '../cells.ts';
import { describeKind, must, step } from '../kind.ts';
import { date, ref } from '../shared.ts';

/** Programmes. Their names are public. */
export const programmes = describeKind({
  name: 'programmes',
  files: { vi: 'chuong-trinh', en: 'programmes' },
  title: { vi: 'Chương trình', en: 'Programmes' },
  columns: {
    ref,
    programme: must(id, 'Mã chương trình', 'Programme', 'ao-am-mua-dong'),
    name: must(text, 'Tên chương trình', 'Name', 'Áo ấm mùa đông'),
    date,
  },
  steps: ({ programme, name, date: effectiveOn }) =>
    ok([step('open', 'open-programme', { programme, name, effectiveOn })]),
});
