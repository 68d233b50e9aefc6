import { type LedgerEvent, type RangeSet, type Use, intersect, subtract, toSet } from '#kernel';
import { fromWire, heldFromWire } from './book-state.ts';
import { coverFromWire, pairsOf } from './covers.ts';
import type { CorrectionEvents, CoveredUnits } from './events-corrections.ts';
import type { DailyEvents } from './events-daily.ts';
import type { ExchangeEvents } from './events-exchange.ts';
import type { DebtEvents } from './events-debts.ts';
import type { GoodsEvents } from './events-goods.ts';
import {
  type BookEvent,
  type BookEvents,
  type ByEvent,
  type CoreEvents,
  type PoolUnits,
  askTable,
} from './events.ts';

/** What an event changes in the units that a use holds. A use is a disbursement, or a move out of the pool. */
export interface Holding {
  readonly use: string;
  readonly takes?: readonly PoolUnits[];
  readonly gives?: readonly PoolUnits[];
  readonly covers?: { readonly pool: string; readonly cover: CoveredUnits };
}

/**
 * Which units events give to uses and take from them, for the types of a part that do. Whatever draws free units
 * of a pool stands here: else a receipt whose units it holds can not be reversed.
 */
export type HoldingsTable<Events> = Partial<ByEvent<Events, [], Holding[]>>;

const coreHoldings: HoldingsTable<CoreEvents> = {
  'book.allocation-approved.v1': ({ data }) => [
    { use: data.allocation, takes: data.moves.map(({ from }) => from) },
  ],
  'book.allocation-reduced.v1': ({ data }) => [
    { use: data.allocation, gives: data.undone.map(({ restored }) => restored) },
  ],
  'book.disbursement-approved.v1': ({ data }) => [{ use: data.disbursement, takes: data.drawn }],
  'book.disbursement-cancelled.v1': ({ data }) => [{ use: data.disbursement, gives: data.restored }],
  'book.disbursement-returned.v1': ({ data }) => [{ use: data.disbursement, gives: data.restored }],
};

const coversIn = ({
  pool,
  covered,
}: {
  readonly pool: string;
  readonly covered: readonly CoveredUnits[];
}): Holding[] => covered.map((cover) => ({ use: cover.use, covers: { pool, cover } }));

const correctionHoldings: HoldingsTable<CorrectionEvents> = {
  'book.receipt-reversed.v1': ({ data }) => coversIn(data),
  'book.restriction-released.v1': ({ data }) => [
    { use: data.release, takes: data.moves.map(({ from }) => from) },
  ],
  'book.shortfall-settled.v1': ({ data }) => coversIn(data),
};

const dailyHoldings: HoldingsTable<DailyEvents> = {
  'book.expense-recorded.v1': ({ data }) => [{ use: data.expense, takes: data.drawn }],
};

const exchangeHoldings: HoldingsTable<ExchangeEvents> = {
  'book.currency-exchanged.v1': ({ data }) => [
    { use: data.exchange, takes: data.exchanges.map(({ from }) => from) },
  ],
  'book.goods-bought.v1': ({ data }) => [
    { use: data.exchange, takes: data.exchanges.map(({ from }) => from) },
  ],
};

const debtHoldings: HoldingsTable<DebtEvents> = {
  'book.advance-paid.v1': ({ data }) => [{ use: data.advance, takes: data.drawn }],
  'book.advance-returned.v1': ({ data }) => [{ use: data.advance, gives: data.restored }],
  'book.advance-settled.v1': ({ data }) => [{ use: data.advance, gives: data.restored }],
  // The debt has the id of the expense that drew its units.
  'book.supplier-debt-reduced.v1': ({ data }) => [{ use: data.debt, gives: data.restored }],
};

const goodsHoldings: HoldingsTable<GoodsEvents> = {
  'book.goods-lost.v1': ({ data }) => [{ use: data.loss, takes: data.lost }],
};

const holdings: HoldingsTable<BookEvents> = {
  ...coreHoldings,
  ...correctionHoldings,
  ...dailyHoldings,
  ...exchangeHoldings,
  ...debtHoldings,
  ...goodsHoldings,
};

export const holdingsOf = (event: LedgerEvent): Holding[] => askTable(holdings, event) ?? [];

/** Whether events of the type give units to uses or take them. */
export const movesHoldings = (type: string): boolean => Object.hasOwn(holdings, type);

/** Which of these units of a pool each use holds after the events, in the order the uses were made. */
export function usesOf(units: RangeSet, pool: string, events: readonly BookEvent[]): Use[] {
  const held = new Map<string, Use['backing']>();
  const inPool = (of: readonly PoolUnits[] = []): RangeSet =>
    toSet(of.flatMap((part) => (part.pool === pool ? heldFromWire(part).units : [])));
  for (const { use, takes, gives, covers } of events.flatMap(holdingsOf)) {
    const before = held.get(use) ?? [];
    // In the order drawn, which may not be ascending.
    const taken = (takes ?? []).flatMap((part) =>
      part.pool === pool ? intersect(part.units.map(fromWire), units) : [],
    );
    let after = [...subtract(before, inPool(gives)), ...taken];
    if (covers?.pool === pool) {
      const cover = coverFromWire(covers.cover);
      const arrived = pairsOf(cover).map(({ target }) => target);
      after = [...subtract(after, toSet(cover.replaced)), ...intersect(arrived, units)];
    }
    held.set(use, after);
  }
  return [...held].flatMap(([id, backing]) => (backing.length > 0 ? [{ id, backing }] : []));
}
