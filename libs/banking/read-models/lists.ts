import type { Day } from '#kernel';
import type { ReadContext, Standing } from '#read-models';
import { type BankSideQuery, type BankUnitRow, type BookEntryRow, readBankSide } from './open.ts';

/** Lines or entries of one page. */
export const BANK_LINES_PAGE_MAX = 1_000;

export interface PageQuery extends BankSideQuery {
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  /** 1 … {@link BANK_LINES_PAGE_MAX} */
  readonly limit: number;
}

/** Rows of a page; `next` is null at the end. */
export type Page<Row> = Standing & { readonly rows: readonly Row[]; readonly next: string | null };

/** What rows are ordered by, as one text: the day, then the id. */
const keyOf = (day: Day, id: string): string => `${day}~${id}`;

function pageOf<Row>(
  rows: readonly Row[],
  key: (row: Row) => string,
  { after, limit }: PageQuery,
): Pick<Page<Row>, 'rows' | 'next'> {
  const size = Math.min(Math.max(1, limit), BANK_LINES_PAGE_MAX);
  const rest = after === undefined ? rows : rows.filter((row) => key(row) > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return { rows: page, next: rest.length > size && last !== undefined ? key(last) : null };
}

/** The lines of an account, or those that are open or matched, by day. Null: unknown, or not in the scope. */
export async function readBankLines(
  context: ReadContext,
  query: PageQuery & { readonly open?: boolean | undefined; readonly from?: Day | undefined },
): Promise<Page<BankUnitRow> | null> {
  const { side, ...standing } = await readBankSide(context, query);
  if (!side) return null;
  const { open, from } = query;
  const rows = side.units.filter(
    ({ match, day }) =>
      (open === undefined || open === (match === null)) && (from === undefined || day >= from),
  );
  return { ...standing, ...pageOf(rows, ({ day, unit }) => keyOf(day, unit), query) };
}

/** The money events of the books that no line is matched with, by day. Null: unknown, or not in the scope. */
export async function readOpenEntries(
  context: ReadContext,
  query: PageQuery,
): Promise<Page<BookEntryRow> | null> {
  const { side, ...standing } = await readBankSide(context, query);
  if (!side) return null;
  const rows = side.entries
    .filter(({ match, day }) => match === null && day >= side.account.startsOn)
    .toSorted((a, b) => (keyOf(a.day, a.entry) < keyOf(b.day, b.entry) ? -1 : 1));
  return { ...standing, ...pageOf(rows, ({ day, entry }) => keyOf(day, entry), query) };
}
