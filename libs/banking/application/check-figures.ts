import type { Scope } from '#access';
import type { Refusal } from '#kernel';
import type { ReadContext } from '#read-models';
import { readReconciliation } from '../read-models/index.ts';
import { acceptReconciliation } from './match-lines.ts';

/**
 * Whether figures that somebody accepts are those of the statement at their position: undefined, when they are. `wait`
 * answers whether the read models have come to a position. Fields that are no figures are left to the command.
 */
export async function checkFigures(
  context: ReadContext,
  scope: Scope,
  figures: unknown,
  wait: (position: number) => Promise<boolean>,
): Promise<Refusal | undefined> {
  const asked = acceptReconciliation.schema.safeParse(figures);
  if (!asked.success) return undefined;
  const { account, on, knownAt, ...told } = asked.data;
  if (!(await wait(knownAt))) return { code: 'READ_BEHIND', details: { atLeast: String(knownAt) } };
  const found = await readReconciliation(context, { scope, account, on, knownAt });
  if (!found) return { code: 'BANK_ACCOUNT_UNKNOWN', details: { account } };
  const { bank, book, listed, items } = found.statement;
  const right = { bank: String(bank), book: String(book), items: String(listed), listed: items.length };
  const isSame = Object.entries(right).every(([name, value]) => told[name as keyof typeof told] === value);
  if (isSame) return undefined;
  const details = { on, knownAt: String(knownAt), ...right, listed: String(right.listed) };
  return { code: 'RECONCILIATION_CHANGED', details };
}
