import type { CommodityCode, Fact } from '#kernel';
import type { MergerEvents } from './events-mergers.ts';
import { shortSize } from './postings-corrections.ts';
import { sizeOnWire } from './wire.ts';

/** One thing that a merger hands over. */
export interface HandedOverRow {
  readonly what: 'account' | 'pool' | 'shortfall' | 'disbursement' | 'item';
  readonly id: string;
  /** The id of an account in the successor's book, the status of a disbursement, the kind of an open item. */
  readonly as: string | null;
  readonly commodity: CommodityCode;
  /** Minor units: what lies there, is free, is short, is to be handed over, is open. */
  readonly amount: bigint;
}

type Rows = { readonly [T in keyof MergerEvents]?: (data: MergerEvents[T]) => readonly HandedOverRow[] };

const TAKEN: Rows = {
  'book.accounts-taken-over.v1': ({ accounts }) =>
    accounts.map(({ was, account, commodity, amount }) => ({
      what: 'account',
      id: was,
      as: account,
      commodity: commodity ?? '',
      amount: BigInt(amount),
    })),
  'book.pools-taken-over.v1': ({ pools }) =>
    pools.map(({ pool, commodity, free }) => ({
      what: 'pool',
      id: pool,
      as: null,
      commodity,
      amount: sizeOnWire({ units: free }),
    })),
  'book.shortfalls-taken-over.v1': ({ pools }) =>
    pools.map(({ pool, commodity, short }) => ({
      what: 'shortfall',
      id: pool,
      as: null,
      commodity,
      amount: shortSize(short),
    })),
  'book.disbursement-taken-over.v1': ({ part, disbursement, status, commodity, lines }) =>
    part > 1
      ? []
      : [
          {
            what: 'disbursement',
            id: disbursement,
            as: status,
            commodity,
            amount: lines.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
          },
        ],
  'book.items-taken-over.v1': ({ items }) =>
    items.map(({ item, kind, commodity, amount }) => ({
      what: 'item',
      id: item,
      as: kind,
      commodity,
      amount: BigInt(amount),
    })),
};

/** What the facts of a merger hand over, as somebody reads it who is to decide: every thing once, with its sum. */
export const handedOver = (facts: readonly Pick<Fact, 'type' | 'data'>[]): HandedOverRow[] => {
  const rows = new Map<string, HandedOverRow>();
  for (const { type, data } of facts) {
    // The entry under a type takes the data of that type: TypeScript can not say so of a key it does not know.
    const entry = TAKEN[type as keyof MergerEvents] as
      ((of: unknown) => readonly HandedOverRow[]) | undefined;
    for (const row of entry?.(data) ?? []) {
      const key = [row.what, row.id, row.commodity].join(' ');
      const known = rows.get(key);
      rows.set(key, known ? { ...known, amount: known.amount + row.amount } : row);
    }
  }
  return [...rows.values()];
};
