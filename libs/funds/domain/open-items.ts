import { type CommodityCode, type Day, type LedgerEvent, invariant } from '#kernel';
import type { DailyEvents, OpenItemCarried, OpenItemKind } from './events-daily.ts';
import type { ItemsHandedOver, MergerEvents } from './events-mergers.ts';
import { type BookEvents, type ByEvent, askTable } from './events.ts';
import { countItemChanges } from './item-changes-counts.ts';
import { debtItemChanges } from './item-changes-debts.ts';

/** What of an item is still open. */
export interface OpenItem {
  readonly kind: OpenItemKind;
  /** Own account it concerns, or who owes or is owed. */
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly left: bigint;
  /** Day on which it became open. */
  readonly since: Day;
  /** Day by which it is to be settled or paid; null: none was agreed. */
  readonly due: Day | null;
}

/** How an event changes what of an item is open: the first change opens it, and none takes more than there is. */
export interface ItemChange {
  readonly kind: OpenItemKind;
  readonly item: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly amount: bigint;
  /** Day on which it became open, where that was in another book; else the day of the event that opens it. */
  readonly since?: Day;
  /** Of the change that opens it. */
  readonly due?: Day | null;
}

/** The changes of open items, for the types of a part that have any. */
export type ItemChangesTable<Events> = Partial<ByEvent<Events, [], ItemChange[]>>;

const dailyChanges: ItemChangesTable<DailyEvents> = {
  'book.money-arrived.v1': ({ data }) => [
    { ...data, kind: 'transit', item: data.move, account: data.from, amount: -BigInt(data.amount) },
  ],
  'book.money-sent.v1': ({ data }) => [
    { ...data, kind: 'transit', item: data.move, amount: BigInt(data.amount) },
  ],
  'book.receipt-identified.v1': ({ data }) => [
    { ...data, kind: 'unidentified', item: data.unidentified, amount: -BigInt(data.amount) },
  ],
  'book.unidentified-receipt-recorded.v1': ({ data }) => [
    { ...data, kind: 'unidentified', item: data.unidentified, amount: BigInt(data.amount) },
  ],
  'book.unidentified-receipt-returned.v1': ({ data }) => [
    {
      ...data,
      kind: 'unidentified',
      item: data.unidentified,
      account: data.held,
      amount: -BigInt(data.amount),
    },
  ],
};

const handedOver = ({ items }: ItemsHandedOver, sign: 1n | -1n): ItemChange[] =>
  items.map((item) => ({ ...item, amount: sign * BigInt(item.amount) }));

const mergerChanges: ItemChangesTable<MergerEvents> = {
  'book.items-handed-over.v1': ({ data }) => handedOver(data, -1n),
  'book.items-taken-over.v1': ({ data }) => handedOver(data, 1n),
};

const changes: ItemChangesTable<BookEvents> = {
  ...dailyChanges,
  ...countItemChanges,
  ...debtItemChanges,
  ...mergerChanges,
};

/** What an event changes in open items; nothing for events that change none. */
export const itemChangesOf = (event: LedgerEvent): ItemChange[] => askTable(changes, event) ?? [];

/** Types whose events change open items. */
export const ITEM_CHANGING_TYPES = Object.keys(changes);

/** Applies what an event changes. An item of which nothing is left is gone. */
export function applyItemChanges(items: Map<string, OpenItem>, event: LedgerEvent): void {
  for (const change of itemChangesOf(event)) {
    const { item, amount, kind, account, commodity, since = event.effectiveOn, due = null } = change;
    const before = items.get(item) ?? { kind, account, commodity, left: 0n, since, due };
    const left = before.left + amount;
    invariant(left >= 0n, `no more than is open of ${item} is closed`);
    if (left === 0n) items.delete(item);
    else items.set(item, { ...before, left });
  }
}

/** The open items of a book that the next one takes over. */
export const carriedItems = (items: ReadonlyMap<string, OpenItem>, from: number): OpenItemCarried[] =>
  [...items].map(([item, { kind, account, commodity, left, since, due }]) => ({
    kind,
    item,
    account,
    commodity,
    amount: String(left),
    since,
    from,
    ...(due !== null && { due }),
  }));
