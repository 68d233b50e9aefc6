import { ok } from '#kernel';
import { choice, day, list, placeCode, text } from '../cells.ts';
import { all, describeKind, may, must, refuseCell, step } from '../kind.ts';
import { placeOf, placesOf, ref, yesNo } from '../shared.ts';

const ACTIONS = [
  { value: 'establish', vi: 'thành lập', en: 'establish' },
  { value: 'rename', vi: 'đổi tên', en: 'rename' },
  { value: 'merge', vi: 'nhập vào', en: 'merge' },
  { value: 'split', vi: 'chia', en: 'split' },
  { value: 'dissolve', vi: 'giải thể', en: 'dissolve' },
] as const;

const LEVELS = [
  { value: 'country', vi: 'quốc gia', en: 'country' },
  { value: 'province', vi: 'tỉnh', en: 'province' },
  { value: 'district', vi: 'huyện', en: 'district' },
  { value: 'commune', vi: 'xã', en: 'commune' },
] as const;

/** Places and what became of them. Rows run in file order: new units from the top down, then the ends from below. */
export const places = describeKind({
  name: 'places',
  files: { vi: 'dia-ban', en: 'places' },
  title: { vi: 'Đơn vị hành chính', en: 'Places' },
  columns: {
    ref,
    action: must(choice(ACTIONS), 'Việc', 'Action', 'thành lập'),
    date: must(day, 'Ngày', 'Date', '01/01/2021', 'Ngày đầu tiên có hiệu lực', 'The first day it holds'),
    code: must(placeCode, 'Mã', 'Code', '062'),
    name: must(text, 'Tên', 'Name', 'Huyện Ngân Sơn', 'Khi đổi tên: tên mới', 'When renaming: the new name'),
    level: may(choice(LEVELS), 'Cấp', 'Level', 'huyện', 'Bắt buộc khi thành lập', 'Required to establish'),
    parentCode: may(placeCode, 'Mã cấp trên', 'Parent code', '06'),
    parentName: may(text, 'Tên cấp trên', 'Parent name', 'Tỉnh Bắc Kạn'),
    takesOverCode: may(
      yesNo,
      'Nhận lại mã cũ',
      'Takes over code',
      'không',
      '“có”: đơn vị đang mang mã này kết thúc trong ngày',
      '“yes”: the unit that bears the code ends on that day',
    ),
    intoCodes: may(
      list(placeCode),
      'Mã nơi nhận',
      'Into codes',
      '',
      'Khi nhập vào (một mã) hoặc chia (nhiều mã cách nhau bằng |)',
      'To merge (one code) or split (several with | between them)',
    ),
    intoNames: may(list(text), 'Tên nơi nhận', 'Into names', ''),
  },
  steps: (row) => {
    const read = all({
      parent: placeOf(row.parentCode, row.parentName, 'parentCode'),
      into: placesOf(row.intoCodes, row.intoNames),
    });
    if (!read.ok) return read;
    const { parent, into } = read.value;
    const place = { code: row.code, name: row.name };
    const effectiveOn = row.date;
    const missing = (column: string) => refuseCell(column, { code: 'CELL_MISSING', details: {} });
    switch (row.action) {
      case 'establish': {
        if (row.level === null) return missing('level');
        const body = {
          ...place,
          level: row.level,
          parent,
          takesOverCode: row.takesOverCode ?? false,
          effectiveOn,
        };
        return ok([step('establish', 'establish-place', body)]);
      }
      case 'rename':
        return ok([
          step('rename', 'rename-place', { place: { code: row.code }, name: row.name, effectiveOn }),
        ]);
      case 'merge': {
        const [only, ...more] = into;
        if (only === undefined) return missing('intoCodes');
        if (more.length > 0) return refuseCell('intoCodes', { code: 'CELL_UNEXPECTED', details: {} });
        return ok([step('merge', 'merge-place', { place, into: only, effectiveOn })]);
      }
      case 'split':
        if (into.length === 0) return missing('intoCodes');
        return ok([step('split', 'split-place', { place, into, effectiveOn })]);
      case 'dissolve':
        return ok([step('dissolve', 'dissolve-place', { place, effectiveOn })]);
    }
  },
});
