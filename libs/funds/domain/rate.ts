import {
  AMOUNT_MAX,
  type CommodityCode,
  type Day,
  type Result,
  currencyExponent,
  isCurrency,
  ok,
  refuse,
} from '#kernel';
import { BASE_CURRENCY } from './base-currency.ts';
import type { ForeignRate } from './events.ts';

/** A rate as somebody states it: what one whole unit of a foreign currency is worth in the currency of the books. */
export interface StatedRate {
  /** A decimal number, exact: `27150.5`. */
  readonly perUnit: string;
  /** Day the rate is of. */
  readonly on: Day;
  /** Whose rate it is: a bank's id, `hop-dong`. */
  readonly source: string;
}

/** Digits before and after the point. */
const RATE = /^(\d{1,12})(?:\.(\d{1,10}))?$/;

/** An exact rate: đồng for one minor unit, as a fraction. */
export interface ExactRate {
  readonly out: bigint;
  readonly per: bigint;
}

/** Reads a decimal rate of a currency; never a float. Refuses with RATE_INVALID what is no number above zero. */
export function readRate(perUnit: string, commodity: CommodityCode): Result<ExactRate> {
  const [, whole = '', fraction = ''] = RATE.exec(perUnit) ?? [];
  const out = BigInt(`${whole}${fraction}` || '0');
  if (whole === '' || out === 0n) return refuse('RATE_INVALID', { rate: perUnit.slice(0, 40) });
  const per = 10n ** BigInt(fraction.length + currencyExponent(commodity));
  return ok({ out, per });
}

/**
 * What foreign money is worth by a rate, in whole đồng, half a đồng rounded up; null when no rate is stated: then its
 * value is unknown. Money of the books themselves, and goods, have no rate.
 */
export function valueByRate(
  commodity: CommodityCode,
  amount: bigint,
  rate: StatedRate | null,
): Result<ForeignRate | null> {
  if (rate === null) return ok(null);
  if (!isCurrency(commodity) || commodity === BASE_CURRENCY)
    return refuse('RATE_OF_BASE', { commodity, base: BASE_CURRENCY });
  const exact = readRate(rate.perUnit, commodity);
  if (!exact.ok) return exact;
  const base = worthAt(exact.value, amount);
  if (base === 0n || base > AMOUNT_MAX) return refuse('RATE_INVALID', { rate: rate.perUnit });
  return ok({ perUnit: rate.perUnit, on: rate.on, source: rate.source, base: String(base) });
}

/** Whole đồng for minor units, half a đồng rounded up. */
export const worthAt = ({ out, per }: ExactRate, amount: bigint): bigint =>
  (2n * amount * out + per) / (2n * per);
