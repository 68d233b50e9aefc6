import type { LedgerEvent } from '#kernel';
import { type BookEvents, type ByEvent, type WireRange, askTable, isReceipt } from './events.ts';
import { holdingsOf, movesHoldings } from './holdings.ts';
import type { Exchanged } from './events-exchange.ts';
import type { Move } from './events.ts';

/** Units of a pool that became free (1) or are free no longer (−1). */
export interface FreeChange {
  readonly pool: string;
  readonly units: WireRange;
  readonly sign: 1 | -1;
}

type FreeChangesTable = Partial<ByEvent<BookEvents, [], FreeChange[]>>;

const gone = (pool: string, units: readonly WireRange[]): FreeChange[] =>
  units.map((range) => ({ pool, units: range, sign: -1 }));
const arrived = ({ to }: Pick<Move, 'to'>): FreeChange => ({ pool: to.pool, units: to.minted, sign: 1 });

/** Parts of one exchange repeat what it minted. */
const exchanged = (exchanges: readonly Exchanged[]): FreeChange[] =>
  exchanges.filter(({ before }) => before === '0').map(arrived);

/** What mints units, and what voids them. Whatever uses draw and give back is told by their holdings. */
const mintedOrVoided: FreeChangesTable = {
  'book.allocation-approved.v1': ({ data }) => data.moves.map(arrived),
  'book.allocation-reduced.v1': ({ data }) =>
    data.undone.flatMap(({ voided }) => gone(voided.pool, voided.units)),
  'book.currency-exchanged.v1': ({ data }) => exchanged(data.exchanges),
  'book.donor-refunded.v1': ({ data }) => gone(data.pool, data.voided),
  'book.goods-bought.v1': ({ data }) => exchanged(data.exchanges),
  'book.receipt-adjusted.v1': ({ data }) => [
    ...(data.minted ? [{ pool: data.pool, units: data.minted, sign: 1 as const }] : []),
    ...gone(data.pool, data.voided),
  ],
  'book.receipt-reversed.v1': ({ data }) => gone(data.pool, data.voided),
  'book.restriction-released.v1': ({ data }) => data.moves.map(arrived),
  'book.shortfall-settled.v1': ({ data }) => data.lifted.flatMap(({ units }) => gone(data.pool, units)),
};

/**
 * Which units an event makes free and which it takes from the free ones. Over all events known, the units of a pool
 * whose changes sum to 1 are its free ones; by effective day a unit may be taken before it came, and sums to −1.
 */
export function freeChangesOf(event: LedgerEvent): FreeChange[] {
  if (isReceipt(event)) return [{ pool: event.data.pool, units: event.data.minted, sign: 1 }];
  const held = holdingsOf(event).flatMap(({ takes = [], gives = [], covers }): FreeChange[] => [
    ...takes.flatMap(({ pool, units }) => gone(pool, units)),
    ...gives.flatMap(({ pool, units }) => units.map((range) => ({ pool, units: range, sign: 1 as const }))),
    ...(covers ? gone(covers.pool, covers.cover.by) : []),
  ]);
  return [...held, ...(askTable(mintedOrVoided, event) ?? [])];
}

/** Whether events of the type change what is free. */
export const changesFree = (type: string): boolean =>
  isReceipt({ type }) || movesHoldings(type) || Object.hasOwn(mintedOrVoided, type);
