import { type BalanceDefinition, type ReadContext, balanceProjection, readBalances } from '#read-models';
import type { BookEvent } from '../../domain/events.ts';
import { MEASURES, type Measure, type Movement, movementsOf, poolUsesOf } from '../../domain/movements.ts';
import { MOVING_TYPES } from '../movement-balance.ts';
import { type MovementBalances, type MovementQuery, visibleFunds } from '../query.ts';

const definition: BalanceDefinition<BookEvent, Measure, Movement> = {
  name: 'pool-balance',
  version: 5,
  types: MOVING_TYPES,
  measures: MEASURES,
  changes: [movementsOf, poolUsesOf],
  // What is promised and paid is counted by the units it took, not by the lines, which name no pool.
  keyOf: ({ pool }) => pool ?? undefined,
};

/** What each pool holds: received + moved in − moved out + short = available + committed + paid. */
export const poolBalance = balanceProjection(definition);

export const readPoolBalances = (
  context: ReadContext,
  { scope, ...query }: MovementQuery,
): Promise<MovementBalances> =>
  readBalances(context, definition, { ...query, funds: visibleFunds(scope, query.funds) });
