import { ok } from '#kernel';
import { choice, id, text } from '../cells.ts';
import { describeKind, may, must, step } from '../kind.ts';
import { date, placeColumns, placeOf, ref } from '../shared.ts';

const KINDS = [
  { value: 'child', vi: 'trẻ em', en: 'child' },
  { value: 'school', vi: 'trường học', en: 'school' },
  { value: 'facility', vi: 'cơ sở', en: 'facility' },
] as const;

const AGE_BANDS = [
  { value: '0-5', vi: '0-5 tuổi', en: '0-5 years' },
  { value: '6-10', vi: '6-10 tuổi', en: '6-10 years' },
  { value: '11-15', vi: '11-15 tuổi', en: '11-15 years' },
] as const;

/** Beneficiaries: a number in the log, the name in the vault. */
export const beneficiaries = describeKind({
  name: 'beneficiaries',
  files: { vi: 'doi-tuong', en: 'beneficiaries' },
  title: { vi: 'Đối tượng thụ hưởng', en: 'Beneficiaries' },
  columns: {
    ref,
    beneficiary: must(
      id,
      'Mã đối tượng',
      'Beneficiary',
      'te-0001',
      'Không dùng tên, ngày sinh, trường lớp',
      'Never a name, birth date or school',
    ),
    kind: must(choice(KINDS), 'Loại', 'Kind', 'trẻ em'),
    ...placeColumns,
    ageBand: may(choice(AGE_BANDS), 'Nhóm tuổi', 'Age band', '6-10'),
    name: may(text, 'Tên', 'Name', '', 'Cất trong kho riêng', 'Kept in the vault'),
    date,
  },
  steps: ({ beneficiary, kind, placeCode, placeName, ageBand, name, date: effectiveOn }) => {
    const place = placeOf(placeCode, placeName, 'placeCode');
    if (!place.ok) return place;
    const body = { beneficiary, kind, place: place.value, ageBand, name, effectiveOn };
    return ok([step('register', 'register-beneficiary', body)]);
  },
});
