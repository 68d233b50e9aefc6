import type { CoreEvents } from './events.ts';
import type { MoneyMovesTable } from './money-move.ts';

/** What receipts, payments and returns do to the own accounts. Parts of a payment repeat its amount: it counts once. */
export const coreMoneyMoves: MoneyMovesTable<CoreEvents> = {
  'book.receipt-recorded.v1': ({ data }) => [
    {
      account: data.account,
      commodity: data.commodity,
      amount: BigInt(data.amount),
      direction: 'in',
      voucher: data.voucher,
      item: data.receipt,
      donor: data.donor,
      pledge: data.pledge,
    },
  ],
  'book.disbursement-paid.v1': ({ data }) =>
    data.part > 1
      ? []
      : [
          {
            account: data.account,
            commodity: data.commodity,
            amount: BigInt(data.amount),
            direction: 'out',
            voucher: data.voucher,
            item: data.disbursement,
            donor: null,
            pledge: null,
          },
        ],
  'book.disbursement-returned.v1': ({ data }) =>
    data.part > 1
      ? []
      : [
          {
            account: data.account,
            commodity: data.commodity,
            amount: BigInt(data.amount),
            direction: 'in',
            voucher: data.voucher,
            item: data.disbursement,
            donor: null,
            pledge: null,
          },
        ],
};
