import { type BookEvent, type BookEventType, type BookEvents, askTable } from './events.ts';
import type { MoneyMove, MoneyMovesTable } from './money-move.ts';
import { coreMoneyMoves } from './money-moves-core.ts';
import { correctionMoneyMoves } from './money-moves-corrections.ts';
import { countMoneyMoves } from './money-moves-counts.ts';
import { dailyMoneyMoves } from './money-moves-daily.ts';
import { mergerMoneyMoves } from './money-moves-mergers.ts';
import { exchangeMoneyMoves } from './money-moves-exchange.ts';
import { debtMoneyMoves } from './money-moves-debts.ts';
import { goodsMoneyMoves } from './money-moves-goods.ts';

export type { MoneyMove } from './money-move.ts';

// One line for each part that has events with money of own accounts.
const moneyMoves: MoneyMovesTable<BookEvents> = {
  ...coreMoneyMoves,
  ...correctionMoneyMoves,
  ...countMoneyMoves,
  ...dailyMoneyMoves,
  ...mergerMoneyMoves,
  ...exchangeMoneyMoves,
  ...debtMoneyMoves,
  ...goodsMoneyMoves,
};

/** What one event did to the own accounts; most events nothing. A bank statement shows exactly these. */
export const moneyMovesOf = (event: BookEvent): readonly MoneyMove[] => askTable(moneyMoves, event) ?? [];

/** Types whose events can move money of an own account. */
export const MONEY_TYPES = Object.keys(moneyMoves) as readonly BookEventType[];
