import type { Scope } from '#access';
import type { Day } from '#kernel';
import type { AsOf, ReadContext, Standing } from '#read-models';
import { type Item, type Reconciliation, reconcile } from '../../domain/reconcile.ts';
import { type StatementException, signed } from '../../domain/statement.ts';
import { type BankSide, readBankSide } from '../open.ts';

/** An item with what a person needs to find it. */
export interface ListedItem extends Item {
  readonly voucher: string | null;
  readonly narrative: string | null;
  readonly bankRef: string | null;
  /** What is to be done: money at the bank alone is to be booked, money in the books alone is awaited. */
  readonly todo: 'to-be-booked' | 'awaited-at-bank' | 'to-be-explained';
}

/** A reconciliation that somebody accepted, and whether what it rests on still says the same. */
export interface Accepted {
  readonly on: Day;
  readonly by: string;
  readonly position: number;
  readonly knownAt: number;
  readonly bank: bigint;
  readonly book: bigint;
}

export interface ReconciliationStatement extends Omit<Reconciliation, 'items'> {
  readonly account: string;
  readonly commodity: string;
  readonly items: readonly ListedItem[];
  /** Of all files up to the day. */
  readonly exceptions: readonly (StatementException & { readonly statement: string })[];
  /** The last acceptance for this day; null: none. */
  readonly accepted: (Accepted & { readonly changedSince: boolean }) | null;
}

export interface ReconciliationQuery extends AsOf {
  readonly scope: Scope;
  readonly account: string;
  readonly on: Day;
}

/**
 * The reconciliation of an account on a day: the bank's balance is the books' and the listed items, to the unit.
 * Null: there is no such account, or the scope does not see all of its funds.
 */
export async function readReconciliation(
  context: ReadContext,
  { scope, account, on, knownAt }: ReconciliationQuery,
): Promise<(Standing & { readonly statement: ReconciliationStatement }) | null> {
  const { side, ...standing } = await readBankSide(context, { scope, account, knownAt });
  return side && { ...standing, statement: statementOf(side, on) };
}

/** Reconciles what was read. */
export function statementOf(side: BankSide, on: Day): ReconciliationStatement {
  const { account, units, entries, facts } = side;
  const statements = account.statements.map((stated) => ({
    statement: stated.statement,
    from: stated.from,
    to: stated.to,
    opening: stated.opening === null ? null : BigInt(stated.opening),
    closing: stated.closing === null ? null : BigInt(stated.closing),
  }));
  const moved = entries.map(({ entry, day, match, ...money }) => ({
    entry,
    day,
    match,
    amount: signed(money),
  }));
  const { items, ...figures } = reconcile({
    on,
    startsOn: account.startsOn,
    units,
    entries: moved,
    statements,
  });
  const byUnit = new Map(units.map((unit) => [unit.unit, unit]));
  const byEntry = new Map(entries.map((entry) => [entry.entry, entry]));
  return {
    account: account.account,
    commodity: account.commodity,
    ...figures,
    items: items.map((item): ListedItem => ({
      ...item,
      voucher: byEntry.get(item.id)?.voucher ?? null,
      narrative: byUnit.get(item.id)?.narrative ?? null,
      bankRef: byUnit.get(item.id)?.bankRef ?? null,
      todo:
        item.kind === 'at-bank-only'
          ? 'to-be-booked'
          : item.kind === 'in-books-only'
            ? 'awaited-at-bank'
            : 'to-be-explained',
    })),
    exceptions: account.statements
      .filter(({ to }) => to <= on)
      .toSorted((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : a.statement < b.statement ? -1 : 1))
      .flatMap(({ statement, exceptions }) => exceptions.map((exception) => ({ ...exception, statement }))),
    accepted: acceptedIn(facts, on, figures),
  };
}

function acceptedIn(
  facts: BankSide['facts'],
  on: Day,
  { bank, book }: Pick<Reconciliation, 'bank' | 'book'>,
): ReconciliationStatement['accepted'] {
  const last = facts.findLast((fact) => fact.type === 'bank.reconciled.v1' && fact.effectiveOn === on);
  if (last?.type !== 'bank.reconciled.v1') return null;
  const accepted = { bank: BigInt(last.data.bank), book: BigInt(last.data.book) };
  return {
    on,
    by: last.actor,
    position: last.position,
    knownAt: last.data.knownAt,
    ...accepted,
    changedSince: accepted.bank !== bank || accepted.book !== book,
  };
}
