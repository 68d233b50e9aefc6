import {
  type Context,
  type Day,
  type Fact,
  type LedgerEvent,
  type Result,
  mint,
  ok,
  parseAmount,
  refuse,
  sizeOf,
  takeLast,
} from '#kernel';
import { type BookState, poolOf, toWire } from './book.ts';
import { checkAccount } from './checks.ts';
import { SPANS_PER_EVENT_MAX, numbered } from './draw-pools.ts';
import type { ReceiptAdjusted, ReceiptCorrected, ReceiptLabels } from './events-corrections.ts';
import { bookStream } from './events.ts';
import { type Gift, correctable, freeOf, correctedIn } from './gift.ts';
import { afterFacts } from './shortfalls.ts';
import { nextVoucher } from './vouchers.ts';

export interface CorrectReceipt {
  readonly fund: string;
  readonly receipt: string;
  /** What is said rightly now; a label that is left out stays. */
  readonly labels: Partial<ReceiptLabels>;
  /** The right amount; null: it was right. */
  readonly amount: string | null;
  /** What somebody asks to change of the restriction: nothing can be. Null: nothing is asked. */
  readonly restriction: object | null;
  /** Where the difference goes in or out; null: the account of the receipt. */
  readonly account: string | null;
  readonly reason: string;
  readonly effectiveOn: Day;
}

/**
 * Corrects what a receipt says. Labels change and its units stay; an amount changes by the difference, which is
 * minted, or voided as far as it is free. Its restriction is never changed: such a receipt is reversed and
 * recorded again.
 */
export function decideCorrectReceipt(
  command: CorrectReceipt,
  book: BookState,
  history: readonly LedgerEvent[],
  context: Context,
): Result<Fact[]> {
  if (command.restriction !== null) return refuse('RESTRICTION_NOT_CORRECTED', { receipt: command.receipt });
  const found = correctable(command, book, history, context);
  if (!found.ok) return found;
  const gift = found.value;
  const relabelled = relabel(command, gift, book);
  const now = afterFacts(book, relabelled);
  const adjusted = command.amount === null ? ok([]) : adjust(command, command.amount, gift, now);
  if (!adjusted.ok) return adjusted;
  const facts = [...relabelled, ...adjusted.value];
  return facts.length > 0 ? ok(facts) : refuse('NOTHING_TO_CORRECT', { receipt: command.receipt });
}

function relabel(
  { labels, receipt, reason, effectiveOn }: CorrectReceipt,
  gift: Gift,
  book: BookState,
): Fact[] {
  const now = { ...gift.labels, ...labels };
  if (JSON.stringify(now) === JSON.stringify(gift.labels)) return [];
  const { pool, commodity } = gift.recorded;
  const data: ReceiptCorrected = {
    receipt,
    corrects: receipt,
    ...correctedIn(book, gift),
    reason,
    voucher: nextVoucher(book, 'adjustment'),
    commodity,
    amount: String(sizeOf(gift.units)),
    units: { pool, units: [gift.recorded.minted] },
    was: gift.labels,
    now,
  };
  const stream = bookStream(book.fund, book.year);
  return [{ stream, type: 'book.receipt-corrected.v1', effectiveOn, data }];
}

function adjust(command: CorrectReceipt, text: string, gift: Gift, book: BookState): Result<Fact[]> {
  const { receipt, reason, effectiveOn, labels } = command;
  const amount = parseAmount(text);
  if (!amount.ok) return amount;
  const { pool, commodity } = gift.recorded;
  const account = command.account ?? gift.recorded.account;
  const was = sizeOf(gift.units);
  const difference = amount.value - was;
  if (difference === 0n) return ok([]);
  const checked = checkAccount(book, account, commodity);
  if (!checked.ok) return checked;
  const free = freeOf(gift, book);
  if (-difference > sizeOf(free))
    return refuse('RECEIPT_USED', { receipt, asked: String(-difference), free: String(sizeOf(free)) });
  const minted = difference > 0n ? toWire(mint(poolOf(book, pool), difference).minted) : null;
  const voided = difference < 0n ? takeLast(free, -difference).taken : [];
  const { source, donor, place } = { ...gift.labels, ...labels };
  const adjusted: ReceiptAdjusted[] = numbered(spanParts(voided), (part) => ({
    receipt,
    corrects: receipt,
    ...correctedIn(book, gift),
    reason,
    voucher: nextVoucher(book, 'adjustment'),
    account,
    commodity,
    was: String(was),
    now: text,
    pool,
    minted,
    voided: part.map(toWire),
    source,
    donor,
    place,
  }));
  const stream = bookStream(book.fund, book.year);
  return ok(adjusted.map((data) => ({ stream, type: 'book.receipt-adjusted.v1', effectiveOn, data })));
}

/** Ranges as they go into events; one empty part for none. */
export const spanParts = <T>(ranges: readonly T[]): T[][] =>
  Array.from({ length: Math.max(1, Math.ceil(ranges.length / SPANS_PER_EVENT_MAX)) }, (_, index) =>
    ranges.slice(index * SPANS_PER_EVENT_MAX, (index + 1) * SPANS_PER_EVENT_MAX),
  );
