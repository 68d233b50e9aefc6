import type { ExchangeEvents } from './events-exchange.ts';
import { type MoneyMovesTable, moneyMove } from './money-move.ts';

/** What exchanges do to the own accounts: what was given leaves one, what was got comes into another. */
export const exchangeMoneyMoves: MoneyMovesTable<ExchangeEvents> = {
  'book.currency-exchanged.v1': ({ data }) => [
    ...moneyMove(data, data.exchange, -BigInt(data.amount)),
    ...moneyMove(
      { account: data.into, commodity: data.base, voucher: data.voucher, part: data.part },
      data.exchange,
      BigInt(data.received),
    ),
  ],
  'book.goods-bought.v1': ({ data }) => [
    ...moneyMove(data, data.exchange, -BigInt(data.amount)),
    ...moneyMove(
      { account: data.store, commodity: data.good, part: data.part },
      data.exchange,
      BigInt(data.quantity),
    ),
  ],
};
