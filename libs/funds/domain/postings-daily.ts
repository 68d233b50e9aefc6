import type { DailyEvents } from './events-daily.ts';
import { fundOf, sizeOnWire } from './wire.ts';
import { type PostingsTable, assetOf, holdingOf } from './posting.ts';

/**
 * The postings of daily money. Identifying a receipt has none of its own: the receipt in the same append takes the
 * money from where it was held.
 */
export const dailyPostings: PostingsTable<DailyEvents> = {
  'book.expense-recorded.v1': (event) =>
    event.data.drawn.flatMap((units) => [
      { account: `free/${units.pool}`, commodity: event.data.commodity, amount: sizeOnWire(units) },
      {
        account: assetOf(event, event.data.account),
        commodity: event.data.commodity,
        amount: -sizeOnWire(units),
      },
    ]),
  'book.income-recorded.v1': (event) => {
    const { account, commodity, pool } = event.data;
    const amount = BigInt(event.data.amount);
    return [
      { account: assetOf(event, account), commodity, amount },
      { account: `free/${pool}`, commodity, amount: -amount },
    ];
  },
  'book.money-arrived.v1': (event) => {
    const { account, from, commodity } = event.data;
    const amount = BigInt(event.data.amount);
    return [
      { account: assetOf(event, account), commodity, amount },
      { account: `transit/${fundOf(event.stream)}/${from}`, commodity, amount: -amount },
    ];
  },
  'book.money-sent.v1': (event) => {
    const { account, commodity } = event.data;
    const amount = BigInt(event.data.amount);
    return [
      { account: `transit/${fundOf(event.stream)}/${account}`, commodity, amount },
      { account: assetOf(event, account), commodity, amount: -amount },
    ];
  },
  'book.unidentified-receipt-recorded.v1': (event) => {
    const { account, commodity } = event.data;
    const amount = BigInt(event.data.amount);
    return [
      { account: assetOf(event, account), commodity, amount },
      { account: assetOf(event, holdingOf(account)), commodity, amount: -amount },
    ];
  },
  'book.unidentified-receipt-returned.v1': (event) => {
    const { account, held, commodity } = event.data;
    const amount = BigInt(event.data.amount);
    return [
      { account: assetOf(event, holdingOf(held)), commodity, amount },
      { account: assetOf(event, account), commodity, amount: -amount },
    ];
  },
};
