import { type ReadContext, balanceProjection, readBalances } from '#read-models';
import { movementBalance } from '../movement-balance.ts';
import { type MovementBalances, type MovementQuery, visibleFunds } from '../query.ts';

const definition = movementBalance('programme-balance', (movement) => movement.programme);

/** What each programme received, was allocated, and spent; null: no programme named. */
export const programmeBalance = balanceProjection(definition);

export const readProgrammeBalances = (
  context: ReadContext,
  { scope, ...query }: MovementQuery,
): Promise<MovementBalances> =>
  readBalances(context, definition, { ...query, funds: visibleFunds(scope, query.funds) });
