import type { DebtEvents } from './events-debts.ts';
import type { BookEvent, PoolUnits } from './events.ts';
import { type Posting, type PostingsTable, advanceOf, assetOf, debtOf } from './posting.ts';
import { sizeOnWire } from './wire.ts';

/** Units of pools that go from one of their accounts to another. */
const units = (
  commodity: string,
  held: readonly PoolUnits[],
  from: 'free' | 'committed',
  to: 'free' | 'committed',
): Posting[] =>
  held.flatMap((part) => [
    { account: `${from}/${part.pool}`, commodity, amount: sizeOnWire(part) },
    { account: `${to}/${part.pool}`, commodity, amount: -sizeOnWire(part) },
  ]);

/** Money from one account to another; the parts of a decision say it once. */
const money = (
  event: BookEvent,
  said: { readonly commodity: string; readonly amount: string; readonly part?: number },
  from: string,
  to: string,
): Posting[] =>
  (said.part ?? 1) > 1
    ? []
    : [
        { account: assetOf(event, to), commodity: said.commodity, amount: BigInt(said.amount) },
        { account: assetOf(event, from), commodity: said.commodity, amount: -BigInt(said.amount) },
      ];

/**
 * The postings of advances and supplier debts. What staff have is a claim of the fund, what suppliers are owed a debt;
 * the expenses and payments they are for stand in the same append, out of `advance/<person>` or `debt/<supplier>`.
 */
export const debtPostings: PostingsTable<DebtEvents> = {
  'book.advance-paid.v1': (event) => [
    ...money(event, event.data, event.data.account, advanceOf(event.data.person)),
    ...units(event.data.commodity, event.data.drawn, 'free', 'committed'),
  ],
  'book.advance-returned.v1': (event) => [
    ...money(event, event.data, advanceOf(event.data.person), event.data.account),
    ...units(event.data.commodity, event.data.restored, 'committed', 'free'),
  ],
  'book.advance-settled.v1': (event) => units(event.data.commodity, event.data.restored, 'committed', 'free'),
  'book.supplier-debt-reduced.v1': (event) =>
    event.data.restored.flatMap((part) => [
      {
        account: assetOf(event, debtOf(event.data.supplier)),
        commodity: event.data.commodity,
        amount: sizeOnWire(part),
      },
      { account: `free/${part.pool}`, commodity: event.data.commodity, amount: -sizeOnWire(part) },
    ]),
  'book.supplier-paid.v1': (event) =>
    money(event, event.data, event.data.account, debtOf(event.data.supplier)),
};
