import { type BookEvent, type BookEventType, type BookEvents, askTable } from './events.ts';
import type { Movement, MovementsTable } from './movement.ts';
import { dailyMovements, dailyPoolUses } from './movements-daily.ts';
import { debtMovements, debtPoolUses } from './movements-debts.ts';
import { coreMovements, corePoolUses } from './movements-core.ts';
import { correctionMovements } from './movements-corrections.ts';
import { exchangeMovements } from './movements-exchange.ts';
import { goodsMovements } from './movements-goods.ts';

export { MEASURES, type Measure, type Movement } from './movement.ts';

const movements: MovementsTable<BookEvents> = {
  ...coreMovements,
  ...correctionMovements,
  ...dailyMovements,
  ...debtMovements,
  ...exchangeMovements,
  ...goodsMovements,
};
const poolUses: MovementsTable<BookEvents> = { ...corePoolUses, ...dailyPoolUses, ...debtPoolUses };

/**
 * The movements of one event. `committed`, `paid` and `delivered` are counted once by line (pool null) and,
 * for the pool's own balance, once by pool ({@link poolUsesOf}).
 */
export const movementsOf = (event: BookEvent): Movement[] => askTable(movements, event) ?? [];

/** `committed` and `paid` of one event by the pool whose units they are; empty for all other events. */
export const poolUsesOf = (event: BookEvent): Movement[] => askTable(poolUses, event) ?? [];

/** Types whose events have movements. */
export const MOVED_TYPES = Object.keys({ ...movements, ...poolUses }) as readonly BookEventType[];
