import { type Day, type Result, daysInMonth, isDay, nextDay, ok, refuse } from '#kernel';

/** How often a promise is due. */
export const FREQUENCIES = [
  'weekly',
  'every-two-weeks',
  'monthly',
  'quarterly',
  'half-yearly',
  'yearly',
] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** The step from one due day to the next. */
const STEPS: Readonly<Record<Frequency, { readonly days: number } | { readonly months: number }>> = {
  weekly: { days: 7 },
  'every-two-weeks': { days: 14 },
  monthly: { months: 1 },
  quarterly: { months: 3 },
  'half-yearly': { months: 6 },
  yearly: { months: 12 },
};

/** Instalments of one plan that are still open: ten years of weeks. More is another pledge. */
export const PLAN_INSTALMENTS_MAX = 520;

/** Days that come again. */
export interface Recurrence {
  readonly every: Frequency;
  /** The first due day. */
  readonly first: Day;
  /**
   * Day of the month, 1 … 31, of every due day; a shorter month has its last day instead, and the next one the
   * anchor again. Null: the day of `first`. Steps of weeks have none.
   */
  readonly anchorDay: number | null;
}

/**
 * The due days number `from` to `through` (from 1), as many as asked for: a 31st never skips a month. Refused when
 * `first` is no day of the anchor, or the calendar ends.
 */
export function dueDays(recurrence: Recurrence, from: number, through: number): Result<Day[]> {
  const { every, first, anchorDay } = recurrence;
  const step = STEPS[every];
  if ('days' in step && anchorDay !== null) return refuse('PLEDGE_ANCHOR_OF_WEEKS', { every });
  const dayOf = 'days' in step ? dayAfter(first, step.days) : dayOfMonth(first, step.months, anchorDay);
  if (dayOf(0) !== first) return refuse('PLEDGE_ANCHOR_DIFFERS', { first, anchor: String(anchorDay) });
  const days = Array.from({ length: Math.max(0, through - from + 1) }, (_, at) => dayOf(from - 1 + at));
  return days.every(isDay) ? ok(days) : refuse('PLEDGE_SCHEDULE_TOO_LONG', { first });
}

/** The day so many steps after the first; each step starts from the one before. */
function dayAfter(first: Day, stepDays: number): (step: number) => Day {
  const known: Day[] = [first];
  return (step) => {
    for (let at = known.length; at <= step; at += 1) {
      let day = known[at - 1] ?? first;
      for (let n = 0; n < stepDays; n += 1) day = nextDay(day);
      known.push(day);
    }
    return known[step] ?? first;
  };
}

function dayOfMonth(first: Day, stepMonths: number, anchorDay: number | null): (step: number) => Day {
  const [year, month, date] = [first.slice(0, 4), first.slice(5, 7), first.slice(8, 10)].map(Number) as [
    number,
    number,
    number,
  ];
  const anchor = anchorDay ?? date;
  return (step) => {
    const months = month - 1 + step * stepMonths;
    const [y, m] = [year + Math.floor(months / 12), (months % 12) + 1];
    const d = Math.min(anchor, daysInMonth(y, m));
    return `${String(y).padStart(4, '0')}-${pad(m)}-${pad(d)}`;
  };
}

const pad = (n: number): string => String(n).padStart(2, '0');
