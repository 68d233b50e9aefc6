import type { Day } from '#kernel';
import type { ReadContext, Standing } from '#read-models';
import { type BankSideQuery, readAccountAsOf } from './account.ts';
import type { BankUnitRow, BookEntryRow } from './open.ts';
import { type After, FROM_START, readOpenEntryPage, readUnitPage } from './open-rows.ts';

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

/** Where a page ended, as one text: the day, then the id. */
const cursorOf = (day: Day, id: string): string => `${day}~${id}`;

function afterOf(cursor: string | undefined): After {
  const [day = '', id = ''] = cursor?.split('~', 2) ?? [];
  return cursor === undefined ? FROM_START : { day, id };
}

const sizeOf = ({ limit }: PageQuery): number => Math.min(Math.max(1, limit), BANK_LINES_PAGE_MAX);

/** The lines of an account, or those that are open or matched, by day. Null: unknown, or not in the scope. */
export async function readBankLines(
  context: ReadContext,
  query: PageQuery & { readonly open?: boolean | undefined; readonly from?: Day | undefined },
): Promise<Page<BankUnitRow> | null> {
  const { open, from } = query;
  const size = sizeOf(query);
  const { rows, ...standing } = await readAccountAsOf(context, query, async (trx, stand, of) => {
    if (!of) return { rows: null };
    const found: BankUnitRow[] = [];
    let after: After | null = afterOf(query.after);
    // A line all of whose parts are left out gives nothing, so that one page may need a further look.
    while (after && found.length <= size) {
      const page = await readUnitPage(trx, of, stand, { after, limit: size, open, from });
      found.push(...page.units);
      after = page.next && beforeOf(page.next);
    }
    return { rows: found };
  });
  return rows && { ...standing, ...pageOf(rows, size, ({ day, unit }) => cursorOf(day, unit)) };
}

/** The last place before a row: an id that is its beginning. */
const beforeOf = ({ day, id }: After): After => ({ day, id: id.slice(0, -1) });

/** The money events of the books that no line is matched with, by day. Null: unknown, or not in the scope. */
export async function readOpenEntries(
  context: ReadContext,
  query: PageQuery,
): Promise<Page<BookEntryRow> | null> {
  const size = sizeOf(query);
  const { rows, ...standing } = await readAccountAsOf(context, query, async (trx, stand, of) => {
    if (!of) return { rows: null };
    const page = { after: afterOf(query.after), limit: size + 1 };
    return { rows: (await readOpenEntryPage(trx, of, stand, page)).entries };
  });
  return rows && { ...standing, ...pageOf(rows, size, ({ day, entry }) => cursorOf(day, entry)) };
}

function pageOf<Row>(
  rows: readonly Row[],
  size: number,
  cursor: (row: Row) => string,
): Pick<Page<Row>, 'rows' | 'next'> {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return { rows: page, next: rows.length > size && last !== undefined ? cursor(last) : null };
}
