import { type Scope, sees } from '#access';
import {
  type AsOf,
  type FactDefinition,
  type FactTables,
  type ReadContext,
  type Standing,
  factProjection,
  readAsOf,
  readFacts,
} from '#read-models';
import type { BankAccountEvent, BankAccountRegistered, BankEvent } from '../../domain/events.ts';
import type { Layout } from '../../domain/read-statement/layouts.ts';

export type AccountFact =
  | BankAccountEvent
  | Extract<BankEvent, { type: 'bank.statement-imported.v1' | 'bank.line-split.v1' | 'bank.reconciled.v1' }>;

export const accountFacts: FactDefinition<AccountFact> = {
  name: 'bank-accounts',
  version: 1,
  types: [
    'bankaccount.registered.v1',
    'bankaccount.layout-saved.v1',
    'bank.statement-imported.v1',
    'bank.line-split.v1',
    'bank.reconciled.v1',
  ],
  keyOf: ({ data }) => data.account,
};

/** The bank accounts, their saved layouts, the files read, the lines split, the reconciliations accepted. */
export const bankAccounts = factProjection(accountFacts);

export interface BankAccountRow extends BankAccountRegistered {
  readonly layouts: readonly Layout[];
  /** The newest period first. */
  readonly statements: readonly (Extract<AccountFact, { type: 'bank.statement-imported.v1' }>['data'] & {
    readonly position: number;
  })[];
}

/** An account is seen by whoever sees every fund that is kept in it. */
export const seesAccount = (scope: Scope, { books }: BankAccountRegistered): boolean =>
  books.every(({ fund }) => sees(scope, fund));

/** The account that its facts tell; undefined: none was registered. */
export function accountFrom(facts: readonly AccountFact[]): BankAccountRow | undefined {
  let registered: BankAccountRegistered | undefined;
  let layouts: Layout[] = [];
  const statements: BankAccountRow['statements'][number][] = [];
  for (const fact of facts) {
    if (fact.type === 'bankaccount.registered.v1') registered = fact.data;
    if (fact.type === 'bankaccount.layout-saved.v1') {
      const { layout } = fact.data;
      layouts = [layout, ...layouts.filter(({ name }) => name !== layout.name)];
    }
    if (fact.type === 'bank.statement-imported.v1')
      statements.push({ ...fact.data, position: fact.position });
  }
  return (
    registered && {
      ...registered,
      layouts,
      statements: statements.toSorted((a, b) => (a.to > b.to ? -1 : 1)),
    }
  );
}

/** The bank accounts whose funds the scope sees, with the files that were read. */
export function readBankAccounts(
  context: ReadContext,
  { scope, account, ...asOf }: AsOf & { readonly scope: Scope; readonly account?: string | undefined },
): Promise<Standing & { readonly rows: readonly BankAccountRow[] }> {
  return readAsOf<FactTables, { rows: readonly BankAccountRow[] }>(
    context,
    [accountFacts.name],
    asOf,
    async (trx, { knownAt, through }) => {
      const keys = account === undefined ? undefined : [account];
      const facts = await readFacts(trx, accountFacts, { knownAt, through, funds: 'all', keys });
      const rows = [...facts.values()].flatMap((of) => accountFrom(of) ?? []);
      return { rows: rows.filter((row) => seesAccount(scope, row)) };
    },
  );
}
