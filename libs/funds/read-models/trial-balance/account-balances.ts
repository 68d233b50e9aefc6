import type { CommodityCode } from '#kernel';
import type { ReadContext, Standing } from '#read-models';
import { type TrialQuery, readTrialBalance } from './trial-balance.ts';

/** What an own account of a fund holds of a commodity by the book; below zero where the book is behind the bank. */
export interface AccountBalance {
  readonly fund: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly amount: bigint;
}

const OWN = /^asset\/([^/]+)\/(.+)$/;

/** What lies in the own accounts by two dates, by fund and account; nothing is said of what is at zero. */
export async function readAccountBalances(
  context: ReadContext,
  query: Omit<TrialQuery, 'accounts'>,
): Promise<Standing & { readonly rows: readonly AccountBalance[] }> {
  const { rows, ...standing } = await readTrialBalance(context, query);
  return {
    ...standing,
    rows: rows.flatMap(({ key, commodity, sums }) => {
      const [, fund, account] = OWN.exec(key ?? '') ?? [];
      const amount = sums.debit - sums.credit;
      return fund === undefined || account === undefined || amount === 0n
        ? []
        : [{ fund, account, commodity, amount }];
    }),
  };
}
