import { type Context, type Day, type Fact, type Result, ok, refuse, yearOf } from '#kernel';
import type { BankAccountState } from './bank.ts';
import { type Reconciled, bankStream } from './events.ts';

/** A person accepts a reconciliation as it stood at a position. What does not add up can not be accepted. */
export function decideAcceptReconciliation(
  { on, ...data }: Reconciled & { readonly on: Day },
  { registered }: BankAccountState,
  context: Context,
): Result<Fact[]> {
  const { account, bank, book, items } = data;
  if (!registered) return refuse('BANK_ACCOUNT_UNKNOWN', { account });
  if (on > context.today) return refuse('DATE_IN_FUTURE', { date: on, today: context.today });
  const difference = BigInt(bank) - BigInt(book) - BigInt(items);
  if (difference !== 0n) return refuse('RECONCILIATION_UNEVEN', { difference: String(difference) });
  return ok([{ stream: bankStream(account, yearOf(on)), type: 'bank.reconciled.v1', effectiveOn: on, data }]);
}
