import type { Scope } from '#access';
import type { CommodityCode, Day } from '#kernel';
import {
  type AsOf,
  type Projection,
  type ReadContext,
  type Standing,
  insertInto,
  readAsOf,
} from '#read-models';
import type { OpenItemKind } from '../../domain/events-daily.ts';
import { ITEM_CHANGING_TYPES, itemChangesOf } from '../../domain/open-items.ts';
import { fundOf } from '../../domain/wire.ts';
import { visibleFunds } from '../query.ts';

const COLUMNS = [
  'item',
  'position',
  'kind',
  'fund',
  'account',
  'commodity',
  'amount',
  'day',
  'since',
  'due',
] as const;

/** Every change of what is open of an item of daily money; their sum by two dates is what was open then. */
export const openItems: Projection = {
  name: 'open-items',
  version: 2,
  types: ITEM_CHANGING_TYPES,
  tables: {
    open_item_change: {
      columns: {
        item: 'text',
        position: 'whole',
        kind: 'text',
        fund: 'text',
        account: 'text',
        commodity: 'text',
        amount: 'whole',
        day: 'text',
        /** Day on which the item became open, as far as this change tells. */
        since: 'text',
        due: 'text?',
      },
      key: ['item', 'position'],
      indexes: [{ columns: ['fund', 'kind'] }],
    },
  },
  open: (physical) => {
    const insert = insertInto(physical('open_item_change'), COLUMNS);
    return async (page, tx) => {
      const rows = page.events.flatMap((event) =>
        itemChangesOf(event).map(({ item, kind, account, commodity, amount, since, due = null }) => [
          item,
          event.position,
          kind,
          fundOf(event.stream),
          account,
          commodity,
          amount,
          event.effectiveOn,
          since ?? event.effectiveOn,
          due,
        ]),
      );
      await tx.run(insert, rows);
    };
  },
};

/** An item that is open by two dates, with its age at the day asked for. */
export interface OpenItemRow {
  readonly kind: OpenItemKind;
  readonly item: string;
  readonly fund: string;
  /** Own account it concerns, or who owes or is owed. */
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly amount: bigint;
  /** Day on which it became open: its age counts from here. */
  readonly since: Day;
  /** Day by which it is to be settled or paid; null: none was agreed. */
  readonly due: Day | null;
}

export interface OpenItemsQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
  readonly kinds?: readonly OpenItemKind[] | undefined;
  /** Only those of this own account, person or supplier. */
  readonly account?: string | undefined;
  /** Only those whose due day is before this one. */
  readonly overdueOn?: Day | undefined;
  /** Items after this one: `<day>.<item>`, the `next` of the page before. */
  readonly after?: string | undefined;
  /** 1 … {@link OPEN_ITEMS_PAGE_MAX} */
  readonly limit: number;
}

/** Items of one page. */
export const OPEN_ITEMS_PAGE_MAX = 1_000;

interface OpenItemTables {
  readonly open_item_change: {
    readonly item: string;
    readonly position: bigint;
    readonly kind: string;
    readonly fund: string;
    readonly account: string;
    readonly commodity: string;
    readonly amount: bigint;
    readonly day: Day;
    readonly since: Day;
    readonly due: Day | null;
  };
}

const DAY_CHARS = 10;

/** What is open of daily money, the oldest first; `next` is null at the end. */
export function readOpenItems(
  context: ReadContext,
  { scope, funds: asked, kinds, account, overdueOn, after, limit, ...asOf }: OpenItemsQuery,
): Promise<Standing & { readonly rows: readonly OpenItemRow[]; readonly next: string | null }> {
  const funds = visibleFunds(scope, asked);
  const size = Math.min(Math.max(1, limit), OPEN_ITEMS_PAGE_MAX);
  return readAsOf<OpenItemTables, { rows: readonly OpenItemRow[]; next: string | null }>(
    context,
    [openItems.name],
    asOf,
    async (trx, { knownAt, through }) => {
      let select = trx
        .selectFrom('open_item_change')
        .select(({ fn }) => [
          'item',
          'kind',
          'fund',
          'account',
          'commodity',
          fn.sum<bigint>('amount').as('amount'),
          fn.min<string>('since').as('since'),
          fn.max<string | null>('due').as('due'),
        ])
        .where('position', '<=', BigInt(knownAt))
        .where('day', '<=', through)
        .groupBy(['item', 'kind', 'fund', 'account', 'commodity'])
        .having(({ fn }) => fn.sum('amount'), '<>', 0n)
        .orderBy(({ fn }) => fn.min('since'))
        .orderBy('item')
        .limit(size + 1);
      if (funds !== 'all') select = select.where('fund', 'in', funds.size === 0 ? [''] : [...funds]);
      if (kinds !== undefined) select = select.where('kind', 'in', kinds.length === 0 ? [''] : [...kinds]);
      if (account !== undefined) select = select.where('account', '=', account);
      if (overdueOn !== undefined) select = select.having(({ fn }) => fn.max('due'), '<', overdueOn);
      if (after !== undefined) {
        const [day, item] = [after.slice(0, DAY_CHARS), after.slice(DAY_CHARS + 1)];
        select = select.having(({ eb, fn, or, and }) =>
          or([eb(fn.min('since'), '>', day), and([eb(fn.min('since'), '=', day), eb('item', '>', item)])]),
        );
      }
      const found = await select.execute();
      const rows = found.slice(0, size).map((row) => ({
        ...row,
        kind: row.kind as OpenItemKind,
        amount: BigInt(row.amount),
      }));
      const last = rows.at(-1);
      return { rows, next: found.length > size && last ? `${last.since}.${last.item}` : null };
    },
  );
}
