import type { ReadContext, Standing } from '#read-models';
import type { OpenEntry } from '../domain/match/open.ts';
import { type BankSideQuery, readAccountAsOf } from './account.ts';
import type { BankAccountRow } from './bank-accounts/bank-accounts.ts';
import type { BankUnitRow } from './open.ts';
import {
  type After,
  type DecidedMatch,
  FROM_START,
  readDecidedMatches,
  readOpenEntryPage,
  readUnitPage,
} from './open-rows.ts';

/** What is open on both sides of an account, and what people decided before. */
export interface OpenSide<Line> {
  readonly account: BankAccountRow;
  readonly lines: readonly Line[];
  readonly entries: readonly OpenEntry[];
  readonly decided: readonly DecidedMatch[];
}

export interface OpenSideQuery<Line> extends BankSideQuery {
  /** Makes of a row what is kept of it; rows themselves are let go page by page. */
  readonly lineOf: (unit: BankUnitRow) => Promise<Line>;
  /** Rules that are a person's decision too. */
  readonly rules: readonly string[];
  /** Decided matches that are read, the newest. */
  readonly decidedMax: number;
}

/** Rows that are held at once. */
const ROWS_AT_ONCE = 2_000;

/** Reads what is open of an account in one snapshot; `side` null: unknown, or not in the scope. */
export const readOpenSide = <Line>(
  context: ReadContext,
  { lineOf, rules, decidedMax, ...query }: OpenSideQuery<Line>,
): Promise<Standing & { readonly side: OpenSide<Line> | null }> =>
  readAccountAsOf(context, query, async (trx, stand, of) => {
    if (!of) return { side: null };
    const lines: Line[] = [];
    let after: After | null = FROM_START;
    while (after) {
      const page: Awaited<ReturnType<typeof readUnitPage>> = await readUnitPage(trx, of, stand, {
        after,
        limit: ROWS_AT_ONCE,
        open: true,
      });
      for (const unit of page.units) lines.push(await lineOf(unit));
      after = page.next && { day: page.next.day, id: page.next.id.slice(0, -1) };
    }
    const entries: OpenEntry[] = [];
    // A thousand days say a few hundred different texts: one copy of each is kept.
    const days = new Map<string, string>();
    let last: After = FROM_START;
    for (let isMore = true; isMore;) {
      const page = await readOpenEntryPage(trx, of, stand, { after: last, limit: ROWS_AT_ONCE });
      for (const { match: _, ...entry } of page.entries) {
        const day = days.get(entry.day) ?? entry.day;
        days.set(day, day);
        entries.push({ ...entry, day });
      }
      const end = page.entries.at(-1);
      isMore = page.isMore && end !== undefined;
      if (end) last = { day: end.day, id: end.entry };
    }
    const decided = await readDecidedMatches(trx, of, stand, rules, decidedMax);
    return { side: { account: of.account, lines, entries, decided } };
  });
