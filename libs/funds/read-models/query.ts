import type { Scope } from '#access';
import type { AsOf, BalanceRow, Standing } from '#read-models';
import type { Measure } from '../domain/movements.ts';

/** A question for the balances of the books. */
export interface MovementQuery extends AsOf {
  readonly scope: Scope;
  /** Only these keys; null is "not specified". */
  readonly keys?: readonly (string | null)[] | undefined;
  /** Only these funds, as far as the scope sees them. */
  readonly funds?: readonly string[] | undefined;
}

/** Balances by one dimension and commodity. */
export type MovementBalances = Standing & { readonly rows: readonly BalanceRow<Measure>[] };

/** The funds a query looks at: those asked for that the scope sees. */
export function visibleFunds({ funds }: Scope, asked?: readonly string[]): 'all' | ReadonlySet<string> {
  if (asked === undefined) return funds;
  return new Set(funds === 'all' ? asked : asked.filter((fund) => funds.has(fund)));
}
