import { type Context, type Day, type Fact, type Result, isCurrency, ok, parseAmount, refuse } from '#kernel';
import type { BookState } from './book.ts';
import { checkAccount, checkBook } from './checks.ts';
import type {
  OpenItemKind,
  ReceiptIdentified,
  UnidentifiedReceiptRecorded,
  UnidentifiedReceiptReturned,
} from './events-daily.ts';
import { type ReceiptRecorded, bookStream } from './events.ts';
import type { OpenItem } from './open-items.ts';
import { holdingOf } from './posting.ts';
import { type RecordReceipt, decideRecordReceipt } from './record-receipt.ts';
import { nextVoucher } from './vouchers.ts';

export interface RecordUnidentifiedReceipt {
  readonly fund: string;
  readonly account: string;
  readonly commodity: string;
  readonly amount: string;
  readonly bankLine: string | null;
  readonly narrative: string | null;
  readonly effectiveOn: Day;
}

/**
 * Books money of which nobody knows yet who gave it and what for: it is held in its own account and in no pool.
 * Its voucher is of the adjustment series; the phiếu thu is written when it is identified.
 */
export function decideRecordUnidentifiedReceipt(
  command: RecordUnidentifiedReceipt,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const { fund, account, commodity, amount, bankLine, narrative, effectiveOn } = command;
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    isCurrency(commodity) ? ok(undefined) : refuse('UNIDENTIFIED_NOT_MONEY', { commodity }),
    checkAccount(book, account, commodity),
    parseAmount(amount),
  ])
    if (!checked.ok) return checked;
  const data: UnidentifiedReceiptRecorded = {
    unidentified: context.commandId,
    voucher: nextVoucher(book, 'adjustment'),
    account,
    commodity,
    amount,
    bankLine,
    narrative,
  };
  const stream = bookStream(fund, book.year);
  return ok([{ stream, type: 'book.unidentified-receipt-recorded.v1', effectiveOn, data }]);
}

/** What a command says about part of an open item; a null amount is all that is left of it. */
export interface OnItem {
  readonly fund: string;
  readonly item: string;
  readonly amount: string | null;
  readonly effectiveOn: Day;
}

/** The open item and how much of it a command is about. */
export function openItem(
  { fund, item, amount, effectiveOn }: OnItem,
  kind: OpenItemKind | readonly OpenItemKind[],
  book: BookState,
  context: Context,
): Result<OpenItem & { readonly amount: bigint }> {
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  const open = book.items.get(item);
  if (open === undefined || !([kind].flat() as readonly string[]).includes(open.kind))
    return refuse('ITEM_NOT_OPEN', { item, fund });
  if (effectiveOn < open.since) return refuse('ITEM_TOO_EARLY', { date: effectiveOn, since: open.since });
  if (amount === null) return ok({ ...open, amount: open.left });
  const asked = parseAmount(amount);
  if (!asked.ok) return asked;
  if (asked.value > open.left)
    return refuse('ITEM_TOO_SMALL', { item, asked: amount, left: String(open.left) });
  return ok({ ...open, amount: asked.value });
}

export interface IdentifyReceipt extends Omit<
  RecordReceipt,
  'account' | 'commodity' | 'amount' | 'valuation' | 'rate'
> {
  readonly unidentified: string;
  readonly amount: string | null;
}

/**
 * Makes unidentified money, all of it or a part, a receipt: it mints in the pool of the gift's restriction, and
 * the money leaves where it was held. It counts from the day it was identified.
 */
export function decideIdentifyReceipt(
  { unidentified, amount: asked, ...gift }: IdentifyReceipt,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const on = { fund: gift.fund, item: unidentified, amount: asked, effectiveOn: gift.effectiveOn };
  const open = openItem(on, 'unidentified', book, context);
  if (!open.ok) return open;
  const { account, commodity, amount, left } = open.value;
  const details = { account, commodity, amount: String(amount), valuation: null };
  const received = decideRecordReceipt({ ...gift, ...details }, book, context);
  if (!received.ok) return received;
  const data: ReceiptIdentified = {
    unidentified,
    receipt: context.commandId,
    account,
    commodity,
    amount: String(amount),
    left: String(left - amount),
  };
  const { stream, effectiveOn } = received.value[0] as Fact;
  return ok([
    ...received.value.map((fact) => ({
      ...fact,
      data: { ...(fact.data as ReceiptRecorded), account: holdingOf(account) },
    })),
    { stream, type: 'book.receipt-identified.v1', effectiveOn, data },
  ]);
}

export interface ReturnUnidentifiedReceipt {
  readonly fund: string;
  readonly unidentified: string;
  readonly amount: string | null;
  readonly account: string;
  readonly reason: string;
  readonly effectiveOn: Day;
}

/** Sends unidentified money back to where it came from. */
export function decideReturnUnidentifiedReceipt(
  { unidentified, account, reason, ...on }: ReturnUnidentifiedReceipt,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const open = openItem({ ...on, item: unidentified }, 'unidentified', book, context);
  if (!open.ok) return open;
  const { account: held, commodity, amount, left } = open.value;
  const checked = checkAccount(book, account, commodity);
  if (!checked.ok) return checked;
  const data: UnidentifiedReceiptReturned = {
    unidentified,
    voucher: nextVoucher(book, 'payment'),
    account,
    held,
    commodity,
    amount: String(amount),
    left: String(left - amount),
    reason,
  };
  const stream = bookStream(on.fund, book.year);
  const { effectiveOn } = on;
  return ok([{ stream, type: 'book.unidentified-receipt-returned.v1', effectiveOn, data }]);
}
