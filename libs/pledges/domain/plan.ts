import { type Result, ok, parseAmount, refuse, splitLargestRemainder } from '#kernel';
import type { Instalment } from './events.ts';
import { PLAN_INSTALMENTS_MAX, type Recurrence, dueDays } from './schedule.ts';

/** Instalments that come again: so many of one amount each, or the whole amount split over them. */
export interface Schedule extends Recurrence {
  readonly count: number;
  /** Null: the whole amount is split evenly, the first ones a unit larger where it does not divide. */
  readonly each: string | null;
}

/** What is promised: an amount, instalments by hand, a schedule, or a schedule of an amount. */
export interface Promised {
  readonly amount: string | null;
  readonly instalments: readonly Omit<Instalment, 'index'>[];
  readonly schedule: Schedule | null;
}

export interface Plan {
  /** Null: unknown. */
  readonly amount: string | null;
  readonly instalments: readonly Instalment[];
}

/**
 * The instalments of a promise, numbered from `from` in the order of their days. They sum to its amount, which a
 * schedule with an amount for each gives by itself.
 */
export function planOf(pledge: string, promised: Promised, from = 1): Result<Plan> {
  const { schedule, instalments, amount } = promised;
  if (schedule !== null && instalments.length > 0) return refuse('PLEDGE_SCHEDULED_TWICE', { pledge });
  if (instalments.length > 0 && amount === null)
    return refuse('PLEDGE_INSTALMENTS_WITHOUT_AMOUNT', { pledge });
  const whole = amount === null ? ok(null) : parseAmount(amount);
  if (!whole.ok) return whole;
  const listed = schedule === null ? ok(instalments) : scheduled(pledge, schedule, whole.value);
  if (!listed.ok) return listed;
  if (listed.value.length > PLAN_INSTALMENTS_MAX)
    return refuse('PLEDGE_PLAN_TOO_LONG', { pledge, max: String(PLAN_INSTALMENTS_MAX) });
  let sum = 0n;
  for (const instalment of listed.value) {
    const part = parseAmount(instalment.amount);
    if (!part.ok) return part;
    sum += part.value;
  }
  if (listed.value.length > 0 && whole.value !== null && sum !== whole.value)
    return refuse('PLEDGE_INSTALMENTS_DO_NOT_SUM', {
      pledge,
      amount: String(whole.value),
      sum: String(sum),
    });
  const total = listed.value.length > 0 ? parseAmount(String(sum)) : ok(undefined);
  if (!total.ok) return total;
  return ok({
    amount: amount ?? (listed.value.length > 0 ? String(sum) : null),
    instalments: listed.value
      .toSorted((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0))
      .map((instalment, at) => ({ index: from + at, due: instalment.due, amount: instalment.amount })),
  });
}

function scheduled(
  pledge: string,
  schedule: Schedule,
  whole: bigint | null,
): Result<Omit<Instalment, 'index'>[]> {
  const days = dueDays(schedule, 1, schedule.count);
  if (!days.ok) return days;
  if (schedule.each === null && whole === null) return refuse('PLEDGE_SCHEDULE_WITHOUT_AMOUNT', { pledge });
  const each = schedule.each;
  const amounts =
    each === null
      ? splitLargestRemainder(
          whole ?? 0n,
          days.value.map(() => 1n),
        ).map(String)
      : days.value.map(() => each);
  return ok(days.value.map((due, at) => ({ due, amount: amounts[at] ?? '0' })));
}
