import { type ReadContext, balanceProjection, readBalances } from '#read-models';
import { movementBalance } from '../movement-balance.ts';
import { type MovementBalances, type MovementQuery, visibleFunds } from '../query.ts';

const definition = movementBalance('fund-balance', (movement) => movement.fund);

/** What each fund received, can still promise, has promised, paid and delivered. */
export const fundBalance = balanceProjection(definition);

export const readFundBalances = (
  context: ReadContext,
  { scope, ...query }: MovementQuery,
): Promise<MovementBalances> =>
  readBalances(context, definition, { ...query, funds: visibleFunds(scope, query.funds) });
