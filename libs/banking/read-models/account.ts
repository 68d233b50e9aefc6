import { type RawBuilder, type Transaction, sql } from 'kysely';
import type { Scope } from '#access';
import type { Day } from '#kernel';
import {
  type AsOf,
  type FactTables,
  type ReadContext,
  type Stand,
  type Standing,
  readAsOf,
  readFacts,
} from '#read-models';
import { partOf } from '../domain/bank.ts';
import {
  type AccountFact,
  type BankAccountRow,
  accountFacts,
  accountFrom,
  seesAccount,
} from './bank-accounts/bank-accounts.ts';
import type { BankUnitRow } from './open.ts';

export interface LineRow {
  readonly account: string;
  readonly day: Day;
  readonly line: string;
  readonly position: bigint;
  readonly amount: bigint;
  readonly balance: bigint | null;
  readonly narrative: string | null;
  readonly counterparty: string | null;
  readonly bank_ref: string | null;
}
export interface MatchedRow {
  readonly account: string;
  readonly match: string;
  readonly side: string;
  readonly unit: string;
  readonly position: bigint;
  readonly rule: string | null;
  readonly actor: string;
  readonly year: bigint;
  readonly fund: string | null;
  readonly day: Day | null;
}
export interface EntryRow {
  readonly fund: string;
  readonly account: string;
  readonly day: Day;
  readonly entry: string;
  readonly position: bigint;
  readonly commodity: string;
  readonly amount: bigint;
  readonly voucher: string | null;
  readonly donor: string | null;
  readonly pledge: string | null;
}
export interface Tables {
  readonly bank_line: LineRow;
  readonly bank_matched: MatchedRow;
  readonly bank_unmatched: { readonly account: string; readonly match: string; readonly position: bigint };
  readonly book_entry: EntryRow;
}

export interface BankSideQuery extends AsOf {
  readonly scope: Scope;
  readonly account: string;
}

/** An account as its facts tell it, with the last division of each line that was split. */
export interface AccountRead {
  readonly account: BankAccountRow;
  readonly facts: readonly AccountFact[];
  readonly parts: ReadonlyMap<string, readonly string[]>;
}

const PROJECTIONS = ['bank-accounts', 'bank-lines', 'bank-matches', 'book-entries'] as const;

/** Runs a query on one account in one snapshot; it gets null where there is none, or not in the scope. */
export const readAccountAsOf = <T>(
  context: ReadContext,
  { scope, account, ...asOf }: BankSideQuery,
  work: (trx: Transaction<Tables>, stand: Stand, of: AccountRead | null) => Promise<T>,
): Promise<Standing & T> =>
  readAsOf<Tables, T>(context, PROJECTIONS, asOf, async (trx, stand) => {
    const found = await readFacts(trx as unknown as Transaction<FactTables>, accountFacts, {
      knownAt: stand.knownAt,
      through: stand.through,
      funds: 'all',
      keys: [account],
    });
    const facts = found.get(account) ?? [];
    const row = accountFrom(facts);
    return work(
      trx,
      stand,
      row && seesAccount(scope, row) ? { account: row, facts, parts: splitsIn(facts) } : null,
    );
  });

/** The last division of each line that was split. */
const splitsIn = (facts: readonly AccountFact[]): Map<string, readonly string[]> =>
  new Map(
    facts.flatMap((fact) =>
      fact.type === 'bank.line-split.v1' ? [[fact.data.line, fact.data.parts] as const] : [],
    ),
  );

/** A line as it stands: itself, or its parts in the order of their names. */
export function unitsFrom(
  { bank_ref: bankRef, ...row }: Omit<LineRow, 'account' | 'position'>,
  parts: readonly string[] | undefined,
  matchOf: (unit: string) => string | null,
): BankUnitRow[] {
  const { line, day, amount, balance, narrative, counterparty } = row;
  const base = { line, day, balance, narrative, counterparty, bankRef };
  if (!parts) return [{ ...base, unit: line, amount, match: matchOf(line) }];
  return parts.map((part, i) => {
    const unit = partOf(line, i + 1);
    return {
      ...base,
      unit,
      amount: amount < 0n ? -BigInt(part) : BigInt(part),
      match: matchOf(unit),
    };
  });
}

/** The match that a line, a part or an entry is in as known at a position; null: it is open. */
export const matchIn = (
  account: string,
  side: 'line' | 'entry',
  unit: RawBuilder<boolean>,
  knownAt: number,
): RawBuilder<string | null> => sql<string | null>`(
  select m."match" from bank_matched m
  where m.account = ${account} and m.side = ${side} and ${unit} and m.position <= ${BigInt(knownAt)}
  and not exists (select 1 from bank_unmatched u
    where u.account = m.account and u."match" = m."match" and u.position <= ${BigInt(knownAt)})
  limit 1)`;
