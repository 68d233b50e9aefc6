import { type BookEvent, type BookEventType, type BookEvents, askTable } from './events.ts';
import type { Movement, MovementsTable } from './movement.ts';
import { dailyMovements, dailyPoolUses } from './movements-daily.ts';
import { debtMovements, debtPoolUses } from './movements-debts.ts';
import { coreMovements, corePoolUses } from './movements-core.ts';
import { correctionMovements } from './movements-corrections.ts';
import { exchangeMovements } from './movements-exchange.ts';
import { goodsMovements } from './movements-goods.ts';
import { mergerMovements, mergerPoolUses } from './movements-mergers.ts';
import { fundOf } from './wire.ts';

export { MEASURES, type Measure, type Movement } from './movement.ts';

const movements: MovementsTable<BookEvents> = {
  ...coreMovements,
  ...correctionMovements,
  ...dailyMovements,
  ...debtMovements,
  ...exchangeMovements,
  ...goodsMovements,
  ...mergerMovements,
};
const poolUses: MovementsTable<BookEvents> = {
  ...corePoolUses,
  ...dailyPoolUses,
  ...debtPoolUses,
  ...mergerPoolUses,
};

/** A pool keeps the name of the fund that opened it; the fund it is in is the one whose book the event stands in. */
function inFund(event: BookEvent, found: readonly Movement[] = []): readonly Movement[] {
  if (found.length === 0) return found;
  const fund = fundOf(event.stream);
  return found.every((movement) => movement.fund === fund)
    ? found
    : found.map((movement) => ({ ...movement, fund }));
}

/**
 * The movements of one event. `committed`, `paid` and `delivered` are counted once by line (pool null) and,
 * for the pool's own balance, once by pool ({@link poolUsesOf}).
 */
export const movementsOf = (event: BookEvent): readonly Movement[] =>
  inFund(event, askTable(movements, event));

/** `committed` and `paid` of one event by the pool whose units they are; empty for all other events. */
export const poolUsesOf = (event: BookEvent): readonly Movement[] => inFund(event, askTable(poolUses, event));

/** Types whose events have movements. */
export const MOVED_TYPES = Object.keys({ ...movements, ...poolUses }) as readonly BookEventType[];
