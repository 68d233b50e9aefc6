/** A calendar day, `YYYY-MM-DD`. Text order is time order. */
export type Day = string;
/** A moment in UTC, ISO 8601 with milliseconds and `Z`. Text order is time order. */
export type Moment = string;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const MOMENT = /^(\d{4}-\d{2}-\d{2})T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,3}))?Z$/;

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days of a month (1…12) in the Gregorian calendar; a month that there is not has none. */
export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeapYear(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);

/** True for a real day of the Gregorian calendar, years 0001 to 9999: `2023-02-30` is not one. */
export function isDay(text: string): boolean {
  const match = DAY.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1 && day >= 1 && day <= daysInMonth(year, month);
}

/**
 * Reads a UTC moment with up to three decimals of a second and writes it with all three, because only then
 * text order is time order; undefined when it is no moment. Leap seconds are none.
 */
export function parseMoment(text: string): Moment | undefined {
  const [, day = '', time = '', fraction = ''] = MOMENT.exec(text) ?? [];
  return isDay(day) ? `${day}T${time}.${fraction.padEnd(3, '0')}Z` : undefined;
}

/** True for a UTC moment as the ledger writes it, with milliseconds; `parseMoment` takes shorter ones. */
export const isMoment = (text: string): boolean => parseMoment(text) === text;

/** The fiscal year a day belongs to: the calendar year (Law on Accounting 88/2015/QH13, Art. 12). */
export const yearOf = (day: Day): number => Number(day.slice(0, 4));

/** Hours that Vietnam (Asia/Ho_Chi_Minh) is ahead of UTC, all year, since 1975. */
const VIETNAM_OFFSET_HOURS = 7;

/** The day it is in Vietnam at a UTC moment: 17:00Z is already the next day. */
export function dayInVietnam(moment: Moment): Day {
  const day = moment.slice(0, 10);
  return Number(moment.slice(11, 13)) + VIETNAM_OFFSET_HOURS < 24 ? day : nextDay(day);
}

/** The day after. */
export function nextDay(day: Day): Day {
  const [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))];
  if (date < daysInMonth(year, month)) return `${day.slice(0, 8)}${pad(date + 1)}`;
  return month < 12 ? `${day.slice(0, 5)}${pad(month + 1)}-01` : `${String(year + 1).padStart(4, '0')}-01-01`;
}

const pad = (n: number): string => String(n).padStart(2, '0');
