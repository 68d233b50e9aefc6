import { ok } from '#kernel';
import { choice, id, text } from '../cells.ts';
import { describeKind, may, must, step } from '../kind.ts';
import { date, ref } from '../shared.ts';

const KINDS = [
  { value: 'individual', vi: 'cá nhân', en: 'individual' },
  { value: 'organisation', vi: 'tổ chức', en: 'organisation' },
  { value: 'state', vi: 'nhà nước', en: 'state' },
  { value: 'collective', vi: 'tập thể không nêu tên', en: 'collective' },
] as const;

/** Donors: an id in the log, the name in the vault. */
export const donors = describeKind({
  name: 'donors',
  files: { vi: 'nha-tai-tro', en: 'donors' },
  title: { vi: 'Nhà tài trợ', en: 'Donors' },
  columns: {
    ref,
    donor: must(
      id,
      'Mã nhà tài trợ',
      'Donor',
      'nt-0001',
      'Không dùng tên người',
      'Never the name of a person',
    ),
    kind: must(choice(KINDS), 'Loại', 'Kind', 'tổ chức'),
    name: may(text, 'Tên', 'Name', 'Công ty A', 'Cất trong kho riêng', 'Kept in the vault'),
    country: may(text, 'Nước', 'Country', 'VN', 'Mã hai chữ theo ISO 3166-1', 'Two letters by ISO 3166-1'),
    date,
  },
  steps: ({ donor, kind, name, country, date: effectiveOn }) =>
    ok([step('register', 'register-donor', { donor, kind, name, country, effectiveOn })]),
});
