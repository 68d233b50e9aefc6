import {
  type Context,
  type Day,
  type Fact,
  type LedgerEvent,
  type Result,
  ok,
  parseAmount,
  refuse,
  sizeOf,
  takeLast,
} from '#kernel';
import { type Approvals, checkApproved } from './approvals.ts';
import { type BookState, toWire } from './book.ts';
import { checkAccount } from './checks.ts';
import { spanParts } from './correct-receipt.ts';
import { numbered } from './draw-pools.ts';
import type { DonorRefunded } from './events-corrections.ts';
import { bookStream } from './events.ts';
import { correctable, freeOf, correctedIn } from './gift.ts';
import { nextVoucher } from './vouchers.ts';

export interface RefundToDonor {
  readonly fund: string;
  readonly receipt: string;
  readonly amount: string;
  readonly account: string;
  readonly reason: string;
  /** Who proposed it, when it was approved by others. */
  readonly proposedBy?: string;
  readonly approvals?: Approvals;
  readonly effectiveOn: Day;
}

/** Gives money (or goods) of a gift back to its donor: only what no use holds, the gift's last free units. */
export function decideRefundToDonor(
  command: RefundToDonor,
  book: BookState,
  history: readonly LedgerEvent[],
  context: Context,
): Result<Fact[]> {
  const { receipt, account, reason, effectiveOn } = command;
  const found = correctable(command, book, history, context);
  if (!found.ok) return found;
  const gift = found.value;
  const { pool, commodity } = gift.recorded;
  const checked = checkAccount(book, account, commodity);
  if (!checked.ok) return checked;
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  const allowed = checkApproved(
    book,
    {
      kind: 'refund',
      commodity,
      amount: amount.value,
      proposedBy: command.proposedBy ?? null,
      payees: [gift.labels.donor],
      approvals: command.approvals,
      on: effectiveOn,
    },
    context,
  );
  if (!allowed.ok) return allowed;
  const free = freeOf(gift, book);
  if (amount.value > sizeOf(free))
    return refuse('REFUND_TOO_LARGE', { receipt, asked: command.amount, free: String(sizeOf(free)) });
  const refunded: DonorRefunded[] = numbered(spanParts(takeLast(free, amount.value).taken), (part) => ({
    refund: context.commandId,
    receipt,
    corrects: receipt,
    ...correctedIn(book, gift),
    reason,
    voucher: nextVoucher(book, 'payment'),
    account,
    commodity,
    amount: command.amount,
    pool,
    voided: part.map(toWire),
    donor: gift.labels.donor,
    place: gift.labels.place,
  }));
  const stream = bookStream(book.fund, book.year);
  return ok(refunded.map((data) => ({ stream, type: 'book.donor-refunded.v1', effectiveOn, data })));
}
