import type { AccountsHandedOver, MergerEvents } from './events-mergers.ts';
import { type MoneyMove, type MoneyMovesTable, moneyMove } from './money-move.ts';

const moves = ({ merger, voucher, accounts }: AccountsHandedOver, isIn: boolean): MoneyMove[] =>
  accounts.flatMap(({ account, was, commodity, amount }) =>
    commodity === null
      ? []
      : moneyMove(
          { account: isIn ? account : was, commodity, voucher },
          merger,
          isIn ? BigInt(amount) : -BigInt(amount),
        ),
  );

/** What lies in the own accounts leaves the one fund's books and comes into the other's. */
export const mergerMoneyMoves: MoneyMovesTable<MergerEvents> = {
  'book.accounts-handed-over.v1': ({ data }) => moves(data, false),
  'book.accounts-taken-over.v1': ({ data }) => moves(data, true),
};
