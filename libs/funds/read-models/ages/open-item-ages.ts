import type { Scope } from '#access';
import { type CommodityCode, type Day, invariant } from '#kernel';
import type { AsOf, ReadContext, Standing } from '#read-models';
import type { OpenItemKind } from '../../domain/events-daily.ts';
import { OPEN_ITEMS_PAGE_MAX, type OpenItemRow, readOpenItems } from '../open-items/open-items.ts';
import { type Ages, agesOf } from './ages.ts';

/** What is open of one kind with one account, or one person or supplier, by age. */
export interface OpenItemAges {
  readonly kind: OpenItemKind;
  readonly fund: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly items: number;
  readonly ages: Ages;
  readonly total: bigint;
}

export interface OpenItemAgesQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
  readonly kinds?: readonly OpenItemKind[] | undefined;
  /** Ages count up to this day, from that on which the item became open. */
  readonly on: Day;
}

/** Pages of open items one answer reads. */
const PAGES_MAX = 1_000;

/** Debts to suppliers, advances to staff and whatever else is open, by age. */
export async function readOpenItemAges(
  context: ReadContext,
  { on, ...query }: OpenItemAgesQuery,
): Promise<Standing & { readonly rows: readonly OpenItemAges[] }> {
  const items: OpenItemRow[] = [];
  let page = await readOpenItems(context, { ...query, limit: OPEN_ITEMS_PAGE_MAX });
  // Every page as known where the first one stands, whatever is recorded meanwhile.
  const { position, effectiveThrough, knownAt } = page;
  for (let pages = 1; ; pages += 1) {
    items.push(...page.rows);
    if (page.next === null) break;
    invariant(pages < PAGES_MAX, 'open items are fewer than an answer reads');
    page = await readOpenItems(context, { ...query, knownAt, after: page.next, limit: OPEN_ITEMS_PAGE_MAX });
  }
  const groups = Map.groupBy(items, ({ kind, fund, account, commodity }) =>
    [kind, fund, account, commodity].join(' '),
  );
  const rows = [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, of]) => {
      const [first] = of;
      if (first === undefined) return [];
      const { kind, fund, account, commodity } = first;
      const total = of.reduce((sum, { amount }) => sum + amount, 0n);
      return [{ kind, fund, account, commodity, items: of.length, ages: agesOf(of, on), total }];
    });
  return { position, effectiveThrough, knownAt, rows };
}
