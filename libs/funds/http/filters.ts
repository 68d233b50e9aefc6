import { idsQuery } from '#http';
import { commoditySchema } from '#platform';

/** What every list of balances can be narrowed by. */
export const balanceFilters = { fund: idsQuery, commodity: commoditySchema.optional() };

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
