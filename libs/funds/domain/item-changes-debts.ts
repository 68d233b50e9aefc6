import type { DebtEvents } from './events-debts.ts';
import type { ItemChange, ItemChangesTable } from './open-items.ts';

const ofAdvance = (
  data: {
    readonly advance: string;
    readonly person: string;
    readonly commodity: string;
    readonly part: number;
  },
  amount: bigint,
): ItemChange[] =>
  // Each part of a decision repeats its amount.
  data.part > 1
    ? []
    : [{ kind: 'advance', item: data.advance, account: data.person, commodity: data.commodity, amount }];

const ofDebt = (
  data: { readonly debt: string; readonly supplier: string; readonly commodity: string },
  amount: bigint,
): ItemChange => ({
  kind: 'supplier-debt',
  item: data.debt,
  account: data.supplier,
  commodity: data.commodity,
  amount,
});

/** What staff have of the fund’s money, and what it owes suppliers. */
export const debtItemChanges: ItemChangesTable<DebtEvents> = {
  'book.advance-paid.v1': ({ data }) =>
    ofAdvance(data, BigInt(data.amount)).map((change) => ({ ...change, due: data.due })),
  'book.advance-returned.v1': ({ data }) => ofAdvance(data, -BigInt(data.amount)),
  'book.advance-settled.v1': ({ data }) => ofAdvance(data, -BigInt(data.amount)),
  'book.supplier-debt-recorded.v1': ({ data }) => [{ ...ofDebt(data, BigInt(data.amount)), due: data.due }],
  'book.supplier-debt-reduced.v1': ({ data }) => (data.part > 1 ? [] : [ofDebt(data, -BigInt(data.amount))]),
  'book.supplier-paid.v1': ({ data }) => [ofDebt(data, -BigInt(data.amount))],
};
