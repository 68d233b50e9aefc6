import { type CommodityCode, type Day, type Result, isCurrency, ok, parseAmount, refuse } from '#kernel';
import type { Stated } from './events.ts';

/** What is stated nowhere: no value, and so no bound either. */
export const UNSTATED: Stated = { value: null, qualifier: 'exact' };

/** Each figure is a valid amount, or not stated and then without a bound: "at least" of nothing says nothing. */
export function checkStated(figures: Readonly<Record<string, Stated>>): Result<void> {
  for (const [field, { value, qualifier }] of Object.entries(figures)) {
    if (value === null) {
      if (qualifier !== 'exact') return refuse('QUALIFIER_WITHOUT_VALUE', { field, qualifier });
      continue;
    }
    const amount = parseAmount(value);
    if (!amount.ok) return amount;
  }
  return ok(undefined);
}

/** Money is stated together with its currency, or neither is. Goods have a list of their own. */
export function checkMoney(amount: Stated, commodity: CommodityCode | null): Result<void> {
  if ((amount.value === null) !== (commodity === null)) return refuse('CURRENCY_AND_AMOUNT_APART');
  return commodity === null || isCurrency(commodity)
    ? ok(undefined)
    : refuse('CURRENCY_UNKNOWN', { commodity });
}

/** A period ends on its first day or later. */
export const checkPeriod = (period: { readonly from: Day; readonly to: Day } | null): Result<void> =>
  period === null || period.from <= period.to
    ? ok(undefined)
    : refuse('PERIOD_REVERSED', { from: period.from, to: period.to });
