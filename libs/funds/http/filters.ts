import { idsQuery } from '#http';
import { type Day, dayInVietnam } from '#kernel';
import { commoditySchema, daySchema, idSchema } from '#platform';
import { z } from 'zod';
import { QR_FORMATS } from '../index.ts';

/** What every list of balances can be narrowed by. */
export const balanceFilters = { fund: idsQuery, commodity: commoditySchema.optional() };

/** What every VietQR code can be asked for with. */
export const qrQuery = {
  account: idSchema.optional().meta({ description: 'The receiving account; needed where there are several' }),
  amount: z
    .string()
    .regex(/^[1-9]\d{0,12}$/, 'QR_AMOUNT_INVALID')
    .transform(BigInt)
    .nullable()
    .default(null)
    .meta({ description: 'Whole đồng; left out: the payer writes it' }),
  format: z.enum(QR_FORMATS).default('json'),
};

/** The day in Vietnam, for what is asked of today. */
export const today = (): Day => dayInVietnam(new Date().toISOString());

/** The day that ages are counted up to. */
export const onQuery = {
  on: daySchema.optional().meta({ description: 'Ages count up to this day; today when left out' }),
};

/** Rows of a page, when nobody says. */
export const LIMIT_DEFAULT = 200;

/** Keeps the rows of one commodity, when one was asked for. */
export async function onlyCommodity<T extends { readonly rows: readonly { readonly commodity: string }[] }>(
  answer: Promise<T>,
  commodity: string | undefined,
): Promise<T> {
  const found = await answer;
  if (commodity === undefined) return found;
  return { ...found, rows: found.rows.filter((row) => row.commodity === commodity) };
}
