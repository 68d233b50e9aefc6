import type { Day } from '#kernel';

/** `31/12/2023` */
export const dayText = (day: Day): string => day.split('-').toReversed().join('/');

/** `Ngày 31 tháng 12 năm 2023`, as papers are dated. */
export function dayInWords(day: Day): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `Ngày ${date} tháng ${month} năm ${year}`;
}

/** A date that is filled in by hand. */
export const DAY_BLANK = 'Ngày ..... tháng ..... năm .........';
