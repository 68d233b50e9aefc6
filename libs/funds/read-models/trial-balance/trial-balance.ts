import type { Scope } from '#access';
import {
  type AsOf,
  type BalanceDefinition,
  type BalanceRow,
  type Change,
  type ReadContext,
  type Standing,
  balanceProjection,
  readBalances,
} from '#read-models';
import type { BookEvent } from '../../domain/events.ts';
import { postingsOf } from '../../domain/postings.ts';
import { MOVING_TYPES } from '../movement-balance.ts';
import { visibleFunds } from '../query.ts';

const SIDES = ['debit', 'credit'] as const;
type Side = (typeof SIDES)[number];

interface SidedPosting extends Change<Side> {
  readonly account: string;
}

/** The postings of one event, each on its side. */
export const sidedPostingsOf = (event: BookEvent): SidedPosting[] => {
  const fund = event.stream.slice('book-'.length, event.stream.lastIndexOf('-'));
  return postingsOf(event).map(({ account, commodity, amount }) =>
    amount > 0n
      ? { measure: 'debit', amount, commodity, fund, account }
      : { measure: 'credit', amount: -amount, commodity, fund, account },
  );
};

const definition: BalanceDefinition<BookEvent, Side, SidedPosting> = {
  name: 'trial-balance',
  version: 5,
  types: MOVING_TYPES,
  measures: SIDES,
  changes: [sidedPostingsOf],
  keyOf: ({ account }) => account,
};

/** Debit and credit turnover of every account; over all accounts both are equal per commodity. */
export const trialBalance = balanceProjection(definition);

export interface TrialQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
  readonly accounts?: readonly string[] | undefined;
}

export const readTrialBalance = (
  context: ReadContext,
  { scope, funds, accounts, ...asOf }: TrialQuery,
): Promise<Standing & { readonly rows: readonly BalanceRow<Side>[] }> =>
  readBalances(context, definition, { ...asOf, keys: accounts, funds: visibleFunds(scope, funds) });
