import { type Context, type Day, type Fact, type Result, ok, parseAmount, refuse } from '#kernel';
import type { BookState } from './book.ts';
import { checkAccount, checkBook, checkCommodity } from './checks.ts';
import type { MoneyArrived, MoneySent } from './events-daily.ts';
import { bookStream } from './events.ts';
import { openItem } from './unidentified-receipt.ts';
import { nextVoucher } from './vouchers.ts';

export interface MoveOwnMoney {
  readonly fund: string;
  readonly from: string;
  readonly to: string;
  readonly commodity: string;
  readonly amount: string;
  /** It arrives on another day, which is recorded when it has come. */
  readonly inTransit: boolean;
  readonly narrative: string | null;
  readonly effectiveOn: Day;
}

/** Cash boxes write a voucher for what comes and goes; banks and stores write papers of their own. */
const voucherOf = (book: BookState, account: string, kind: 'receipt' | 'payment'): string | null =>
  book.accounts.get(account) === 'cash' ? nextVoucher(book, kind) : null;

/**
 * Moves money or goods between two own accounts of a fund. No pool changes: whose money it is and what it is for
 * does not depend on where it lies.
 */
export function decideMoveOwnMoney(command: MoveOwnMoney, book: BookState, context: Context): Result<Fact[]> {
  const { fund, from, to, commodity, amount, narrative, effectiveOn } = command;
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    checkCommodity(book, commodity),
    checkAccount(book, from, commodity),
    checkAccount(book, to, commodity),
    from === to ? refuse('MOVE_TO_ITSELF', { account: from }) : ok(undefined),
    parseAmount(amount),
  ])
    if (!checked.ok) return checked;
  const move = context.commandId;
  const voucher = voucherOf(book, from, 'payment');
  const sent: MoneySent = { move, voucher, account: from, to, commodity, amount, narrative };
  const on = { stream: bookStream(fund, book.year), effectiveOn };
  const facts = [{ ...on, type: 'book.money-sent.v1', data: sent }];
  if (command.inTransit) return ok(facts);
  const arrived: MoneyArrived = {
    move,
    voucher: voucherOf(book, to, 'receipt'),
    account: to,
    from,
    commodity,
    amount,
    left: '0',
  };
  return ok([...facts, { ...on, type: 'book.money-arrived.v1', data: arrived }]);
}

export interface ReceiveOwnMoney {
  readonly fund: string;
  readonly move: string;
  /** The own account it arrived in. */
  readonly account: string;
  readonly amount: string | null;
  readonly effectiveOn: Day;
}

/** Books what was in transit between two own accounts into the account where it arrived. */
export function decideReceiveOwnMoney(
  { move, account, ...on }: ReceiveOwnMoney,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const open = openItem({ ...on, item: move }, 'transit', book, context);
  if (!open.ok) return open;
  const { account: from, commodity, amount, left } = open.value;
  const checked = checkAccount(book, account, commodity);
  if (!checked.ok) return checked;
  const data: MoneyArrived = {
    move,
    voucher: voucherOf(book, account, 'receipt'),
    account,
    from,
    commodity,
    amount: String(amount),
    left: String(left - amount),
  };
  const stream = bookStream(on.fund, book.year);
  return ok([{ stream, type: 'book.money-arrived.v1', effectiveOn: on.effectiveOn, data }]);
}
