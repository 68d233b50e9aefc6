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
import { type Posting, postingsOf } from '../../domain/postings.ts';
import { MOVING_TYPES } from '../movement-balance.ts';
import { visibleFunds } from '../query.ts';

const SIDES = ['debit', 'credit'] as const;
type Side = (typeof SIDES)[number];

interface SidedPosting extends Change<Side> {
  readonly account: string;
}

/** `asset/<fund>/<account>`, `free/<pool>`, `committed/<pool>`: the second part is always the fund. */
export const fundOfAccount = ({ account }: Posting): string => account.split('/')[1] ?? '';

const sidedPostingsOf = (event: BookEvent): SidedPosting[] =>
  postingsOf(event).map((posting) => ({
    measure: posting.amount > 0n ? 'debit' : 'credit',
    amount: posting.amount > 0n ? posting.amount : -posting.amount,
    commodity: posting.commodity,
    fund: fundOfAccount(posting),
    account: posting.account,
  }));

const definition: BalanceDefinition<BookEvent, Side, SidedPosting> = {
  name: 'trial-balance',
  version: 1,
  types: MOVING_TYPES,
  measures: SIDES,
  changes: sidedPostingsOf,
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
