import { type ReadContext, balanceProjection, readBalances } from '#read-models';
import { movementBalance } from '../movement-balance.ts';
import { type MovementBalances, type MovementQuery, visibleFunds } from '../query.ts';

const definition = movementBalance('beneficiary-balance', (movement) => movement.beneficiary);

/** What each beneficiary was promised and given; null: help that names no beneficiary. */
export const beneficiaryBalance = balanceProjection(definition);

export const readBeneficiaryBalances = (
  context: ReadContext,
  { scope, ...query }: MovementQuery,
): Promise<MovementBalances> =>
  readBalances(context, definition, { ...query, funds: visibleFunds(scope, query.funds) });
